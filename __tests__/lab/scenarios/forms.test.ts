import { describeScenario, run } from "./scenario-here";

describeScenario("forms", () => {
  it("sees five nodes in a full mesh, with epmd and with a single port", async () => {
    // WHEN the two services of the sample are applied and run
    const result = await run("forms");
    // THEN each node is answered by each other one
    expect(result.lines).toEqual([
      expect.stringMatching(/^ok: epmd: full mesh after [\d.]+ s, 20 of 20 remote calls answered$/),
      expect.stringMatching(/^ok: single-port: full mesh after [\d.]+ s, 20 of 20 remote calls answered$/),
    ]);
    expect(result.ok).toBe(true);
  });
});
