import { describeScenario, run } from "../scenario-here";

describeScenario("versions", () => {
  it("connects no old node to a new one with versions apart, and does with versions together", async () => {
    const { lines, ok } = await run("versions", { tasks: [1], seconds: 3 });
    expect(lines).toEqual([
      expect.stringMatching(
        /^ok: apart, 1 tasks, .*: all new nodes in one mesh as myapp-2_0_0 and myapp2-2_0_0, 0 connections between old and new nodes, 0 links lost within a version, longest gap 0 ms, at most 1 partition of old nodes/,
      ),
      expect.stringMatching(
        /^ok: together, everything else the same, 1 tasks, .* as myapp and myapp2, [1-9]\d* connections between old and new nodes/,
      ),
    ]);
    expect(ok).toBe(true);
  });
});
