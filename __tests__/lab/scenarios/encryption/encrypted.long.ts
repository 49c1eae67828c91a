import { describeScenario, run } from "../scenario-here";

describeScenario("encrypted", () => {
  it("shows nothing on the wire, lets only valid certificates in, and replaces the authority without a lost link", async () => {
    const { lines, ok } = await run("encrypted");
    expect(lines).toEqual([
      expect.stringMatching(
        /^ok: single-port: .* 10 cookie challenges, the module [1-9]\d* times, .* the payload [1-9]/,
      ),
      expect.stringMatching(
        /^ok: tls: .* 0 cookie challenges, the module 0 times, the name 0 times, the payload 0 times$/,
      ),
      expect.stringMatching(
        /^ok: the command of console, bin\/myapp remote: IEx in myapp@10\S+, evaluates an expression$/,
      ),
      expect.stringMatching(/^ok: .*no certificate.*never connected$/),
      expect.stringMatching(/^ok: .*expired.*never connected$/),
      expect.stringMatching(/^ok: .*another authority.*never connected$/),
      expect.stringMatching(/^ok: .*valid certificate.*: connected$/),
      expect.stringMatching(/^ok: a new authority in 3 rolling deployments .* 0 links lost .* at most 1 partition$/),
    ]);
    expect(ok).toBe(true);
  });
});
