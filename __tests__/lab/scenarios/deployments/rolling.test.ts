import { describeScenario, run } from "../scenario-here";

describeScenario("rolling", () => {
  it("deploys 3 and 12 tasks without a partition, a gap or a failed call", async () => {
    const { lines, ok } = await run("rolling");
    const deployed = (tasks: number) =>
      expect.stringMatching(
        new RegExp(
          `^ok: ${tasks} tasks, deployed in [\\d.]+ s: all new nodes in one mesh, 0 links lost between living nodes, longest gap 0 ms, ` +
            "at most 1 partition, a new node in after [\\d.]+ s at most; 0 of [1-9]\\d* calls between those who stay failed, slowest \\d+ ms; alarms that went off: none$",
        ),
      );
    expect(lines).toEqual([deployed(3), deployed(12)]);
    expect(ok).toBe(true);
  });
});
