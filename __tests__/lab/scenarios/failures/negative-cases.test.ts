import { describeScenario, run } from "../scenario-here";

describeScenario("negative-cases", () => {
  it("sees no cluster with any one thing wrong, and names the hop where each ends", async () => {
    // WHEN the layout runs as applied, then with one thing after another made wrong in AWS, then put right again
    const { lines, ok } = await run("negative-cases");
    // THEN only the right ones form
    expect(lines).toEqual([
      expect.stringMatching(/^ok: as applied: full mesh after/),
      expect.stringMatching(
        /^ok: without the rule for 4369: no cluster, \d+ packets to 4369 denied by the receiver's groups$/,
      ),
      expect.stringMatching(
        /^ok: without the rule for 9000-9010: no cluster, \d+ packets to 9000-9010 denied by the receiver's groups$/,
      ),
      expect.stringMatching(
        /^ok: with rules inwards alone: no cluster, \d+ packets to 4369 denied by the sender's groups$/,
      ),
      expect.stringMatching(
        /^ok: with rules outwards alone: no cluster, \d+ packets to 4369 denied by the receiver's groups$/,
      ),
      expect.stringMatching(
        /^ok: with a foreign security group: no cluster, \d+ packets or more to 4369 denied each way/,
      ),
      expect.stringMatching(
        /^ok: with another cookie: no cluster, no packet denied, \d+ handshakes refused by Erlang$/,
      ),
      expect.stringMatching(/^ok: with another basename than the one polled: no cluster, \d+ packets to 4369 passed/),
      expect.stringMatching(/^ok: only myapp2 may dial myapp, not the other way: full mesh after/),
      expect.stringMatching(/^ok: put right again: full mesh after/),
    ]);
    expect(ok).toBe(true);
  });
});
