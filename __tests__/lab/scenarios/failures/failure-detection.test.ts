import { finding, type Lost } from "../../../../src/lab/scenarios/failures/failure-detection";
import { rollbackFinding } from "../../../../src/lab/scenarios/steps/alarm-faults";

const lost: Lost = {
  name: "network of one task cut",
  noticedMs: 8000,
  predicted: [6000, 10_000],
  healedMs: 900,
  losses: 3,
  ok: true,
};

it("reports when a fault was noticed, what the review predicted, and when the mesh was whole again", () => {
  expect(finding(lost)).toEqual({
    ok: true,
    line: "network of one task cut: noticed by all after 8.0 s (predicted: 6.0 s to 10.0 s), 3 links lost, whole again after 0.9 s",
  });
  const silent = {
    ...lost,
    name: "DNS silent for 20 s",
    predicted: undefined,
    losses: 0,
    remark: "0 of 9 calls failed",
  };
  expect(finding(silent).line).toBe("DNS silent for 20 s: 0 links lost, whole again after 0.9 s; 0 of 9 calls failed");
  expect(finding({ ...lost, ok: false }).ok).toBe(false);
});

const said = [
  "(service myapp) (deployment ecs-svc/2) deployment failed: alarm detected.",
  "(service myapp) rolling back to deployment ecs-svc/1.",
];

it.each<[string, Parameters<typeof rollbackFinding>, boolean, string]>([
  [
    "is right where ECS rolled back and the same tasks run",
    [said, ["a", "b"], ["b", "a"]],
    true,
    "was rolled back when it went off; the tasks that ran run on",
  ],
  ["is wrong where ECS didn't say so", [said.slice(0, 1), ["a"], ["a"]], false, "was NOT rolled back"],
  ["is wrong where another task runs", [said, ["a", "b"], ["a", "c"]], false, "OTHER tasks run"],
  ["is wrong where a task is missing", [said, ["a", "b"], ["a"]], false, "OTHER tasks run"],
])("the deployment %s", (_, args, ok, says) => {
  expect(rollbackFinding(...args)).toEqual({ ok, line: expect.stringContaining(says) });
});
