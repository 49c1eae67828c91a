import { describeScenario, run } from "../scenario-here";

describeScenario("task-protection", () => {
  it("keeps a task through scaling in and a deployment, until it releases itself", async () => {
    // Released after the deployment: a minute, the shortest protection, is for the command line.
    const { lines, ok } = await run("task-protection", { seconds: 1 });
    expect(lines).toEqual([
      "ok: without protection: the oldest task stops",
      'ok: without "taskProtection": true, protect(1) gives AccessDeniedException',
      "ok: scaled in to one: the protected task is left",
      "ok: a deployment: the new task runs, the protected one too, in one mesh; ECS says why it isn't complete",
      expect.stringMatching(/^ok: protection was released: the task stopped [\d.]+ s after/),
    ]);
    expect(ok).toBe(true);
  });
});
