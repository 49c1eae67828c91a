import { describeScenario, run } from "./scenario-here";

describeScenario("cold-start", () => {
  it("forms at once unless NXDOMAIN is in the cache, and shows what helps", async () => {
    const { lines, ok } = await run("cold-start");
    expect(lines).toEqual([
      expect.stringMatching(/^ok: no node asked before \(NXDOMAIN kept 15 s\): mesh after [\d.]+ s$/),
      expect.stringMatching(/^ok: a node asked just before \(NXDOMAIN kept 15 s\): mesh after [\d.]+ s$/),
      expect.stringMatching(
        /^ok: asked before by a peer that clusters with it \(NXDOMAIN kept 15 s\): mesh after [\d.]+ s$/,
      ),
      expect.stringMatching(
        /^ok: asked before, the name held by an unhealthy placeholder \(NXDOMAIN kept 15 s\): mesh after/,
      ),
      expect.stringMatching(/^ok: asked before, SOA lowered to 5 s \(NXDOMAIN kept 5 s\): mesh after [\d.]+ s$/),
    ]);
    expect(ok).toBe(true);
  });
});
