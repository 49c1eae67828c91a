import { describeScenario, run } from "../scenario-here";

describeScenario("broken-deploy", () => {
  it("rolls a crashing image back, with the old cluster untouched", async () => {
    const { lines, ok } = await run("broken-deploy");
    expect(lines).toEqual([
      expect.stringMatching(/^ok: [3-6] tasks crashed, then ECS went back to the revision before \([\d.]+ s\)$/),
      "ok: terraform apply waited for the deployment and failed",
      expect.stringMatching(/^ok: ECS said: .*deployment failed: tasks failed to start\. .*rolling back to deployment/),
      "ok: the running cluster: the same tasks, 0 links lost, full mesh 100 % of the time",
      expect.stringMatching(/^ok: 0 of [1-9]\d* calls between its nodes failed$/),
    ]);
    expect(ok).toBe(true);
  });
});
