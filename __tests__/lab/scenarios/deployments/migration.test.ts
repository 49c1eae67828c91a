import { describeScenario, run } from "../scenario-here";

describeScenario("migration", () => {
  it("runs before the node, and a failed one is rolled back with the old cluster untouched", async () => {
    const { lines, ok } = await run("migration");
    expect(lines).toEqual([
      "ok: 3 of 3 tasks ran the migration before their node started",
      expect.stringMatching(
        /^ok: [3-6] tasks failed in their migration, 0 of their nodes started; then ECS went back to the revision before \([\d.]+ s\)$/,
      ),
      expect.stringMatching(/^ok: ECS said: .*deployment failed: tasks failed to start\. .*rolling back to deployment/),
      "ok: the lab showed why: column already exists",
      "ok: the running cluster: the same tasks, 0 links lost, full mesh 100 % of the time",
      expect.stringMatching(/^ok: 0 of [1-9]\d* calls between its nodes failed$/),
    ]);
    expect(ok).toBe(true);
  });
});
