import { describeScenario, run } from "./scenario-here";

describeScenario("ports", () => {
  it("counts no packet to 9090, and no cluster with the range in remote.vm.args alone", async () => {
    const { lines, ok } = await run("ports");
    expect(lines).toEqual([
      expect.stringMatching(
        /^ok: 600 of 600 erpc calls answered: \d+ packets to 90\d\d and 90\d\d, 0 to 9090; ports used: 4369, 90\d\d/,
      ),
      expect.stringMatching(
        /^ok: range in remote\.vm\.args alone: the nodes listen on \d{5} and \d{5}, \d+ packets .* 0 links$/,
      ),
    ]);
    expect(ok).toBe(true);
  });
});
