import { describeScenario, run } from "./scenario-here";

describeScenario("untrusted-node", () => {
  it("keeps a stranger out in both directions, and lets it in where egress is open", async () => {
    const { lines, ok } = await run("untrusted-node");
    expect(lines).toEqual([
      expect.stringMatching(
        /^ok: egress guarded: never in; to 4369, \d+ packets of the stranger's denied .* 0 passed$/,
      ),
      expect.stringMatching(
        /^ok: egress open, everything else the same: in after [\d.]+ s, by the members' own dialling/,
      ),
    ]);
    expect(ok).toBe(true);
  });
});
