import { describeScenario, run } from "../scenario-here";

describeScenario("untrusted-node", () => {
  it("keeps an untrusted node unconnected in both directions, and connects it where egress is open", async () => {
    const { lines, ok } = await run("untrusted-node");
    expect(lines).toEqual([
      expect.stringMatching(
        /^ok: egress guarded: never connected; to 4369, \d+ packets of the untrusted node denied .* 0 passed$/,
      ),
      expect.stringMatching(
        /^ok: egress open, everything else the same: connected after [\d.]+ s, by the members' own dialling/,
      ),
    ]);
    expect(ok).toBe(true);
  });
});
