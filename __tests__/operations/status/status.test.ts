import {
  CreateTargetGroupCommand,
  DescribeTargetGroupsCommand,
  ProtocolEnum,
  TargetTypeEnum,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { statusCommand } from "../../../src/cli/operations/status";
import { imageName } from "../../../src/operations/status/image-name";
import { runCommand } from "../command";
import { deployBefore } from "../deploy-before";
import { Deployed, environmentsText } from "../deployed";
import { FaultyAws } from "../faulty-aws";
import { writeLog } from "../log-streams";
import { ago, current, deployment, id, revisions, rolledBack, serviceRevisions } from "../rolled-back";

let deployed: Deployed;
let faulty: FaultyAws;

deployBefore(
  (own) => ({ deployed, faulty } = own),
  async (own) => {
    await own.deploy();
    await own.clients.loadBalancing.send(new DescribeTargetGroupsCommand({}));
  },
);

beforeEach(async () => {
  const counts = { desiredCount: 1, runningCount: 1, pendingCount: 0 };
  const own = current("PRIMARY", "COMPLETED", deployed.definitions.get("myapp2")!, { ...counts, createdAt: ago(30) });
  await deployed.counts("myapp2", { ...counts, deployments: [own] });
});

const status = (...args: string[]) => runCommand(statusCommand(), "prod", "--environments", deployed.file, ...args);

/** Service myapp with these deployments: those of DescribeServices, and those that ECS remembers. */
async function runs(deployments: object[], history: object[], definitions: readonly string[], counts = {}) {
  await deployed.counts("myapp", {
    ...{ desiredCount: 2, runningCount: 2, pendingCount: 0, ...counts },
    ...{ deployments, serviceDeployments: history, serviceRevisions: serviceRevisions(definitions) },
  });
}

async function steady(): Promise<readonly string[]> {
  const all = await revisions(deployed);
  await runs([current("PRIMARY", "COMPLETED", all[0]!)], [deployment(1, "SUCCESSFUL")], all);
  return all;
}

/** Revision 2 ran out of memory, and the circuit breaker went back to revision 1. */
async function rollBack(...later: object[]): Promise<readonly string[]> {
  const all = await revisions(deployed, "registry.example/team/myapp:2");
  await runs(
    [current("PRIMARY", "COMPLETED", all[0]!)],
    [...later, deployment(2, "ROLLBACK_SUCCESSFUL", rolledBack), deployment(1, "SUCCESSFUL")],
    all,
  );
  for (const number of [10, 11, 12]) {
    await deployed.tasks({
      service: "myapp",
      id: id(number),
      status: "STOPPED",
      record: {
        taskDefinitionArn: all[1],
        stopCode: "EssentialContainerExited",
        stoppedReason: "Essential container in task exited",
        stoppedAt: ago(60 - number),
        containers: [{ name: "myapp", exitCode: 137, reason: "OutOfMemoryError" }],
      },
    });
  }
  await writeLog(deployed, id(12), [[5, "** (RuntimeError) \u001b[31mno memory"]]);
  return all;
}

/** Revision 2's migration fails before its node starts, so ECS stops the task. */
async function failMigration(): Promise<void> {
  const [, failed] = await rollBack();
  for (const number of [10, 11, 12])
    await deployed.tasks({
      service: "myapp",
      id: id(number),
      status: "STOPPED",
      record: {
        taskDefinitionArn: failed,
        stopCode: "TaskFailedToStart",
        stoppedReason: "Task failed to start",
        stoppedAt: ago(60 - number),
        containers: [{ name: "myapp" }, { name: "migrate", exitCode: 1 }],
      },
    });
}

/** Puts targets behind myapp, as a load balancer of the lab does. */
async function targets(...all: object[]): Promise<void> {
  const { TargetGroups = [] } = await deployed.clients.loadBalancing.send(
    new CreateTargetGroupCommand({
      ...{ Name: "prod-myapp", Port: 4000, VpcId: deployed.existing.vpcId },
      ...{ Protocol: ProtocolEnum.HTTP, TargetType: TargetTypeEnum.IP },
    }),
  );
  const targetGroupArn = TargetGroups[0]!.TargetGroupArn!;
  await fetch(`${deployed.aws.endpoint}/moto-api/lab/load-balancing`, {
    method: "PUT",
    body: JSON.stringify({ region: deployed.aws.region, targetGroups: [{ targetGroupArn, targets: all }] }),
  });
  await deployed.counts("myapp", { loadBalancers: [{ targetGroupArn, containerName: "myapp", containerPort: 4000 }] });
}

const about = (out: string, service: string) =>
  out.split("\n\n").find((part) => part.split("\n")[0]!.includes(service))!;

describe("status", () => {
  it("names the init container that failed, not the node that never started", async () => {
    await failMigration();
    const { out } = await status();
    expect(about(out, "myapp ").replace(/\s+/g, " ")).toContain("3 tasks, 00000000 last, of prod-myapp:2 stopped at");
    expect(out.replace(/\s+/g, " ")).toContain("Task failed to start (migrate, exit code 1:");
  });

  it("shows each service's deployment, revision and image, and ends with 0 when all are steady", async () => {
    await steady();
    const { out, err, code } = await status();
    expect([err, code]).toEqual(["", 0]);
    expect(out.split("\n")[0]).toMatch(/^prod {2}eu-west-1, ECS cluster my-cluster {2}\d{4}-.*Z$/);
    expect(about(out, "myapp ").split("\n")).toEqual([
      "✓ myapp  2 of 2 tasks run, steady",
      "    prod-myapp:1 runs; image myapp:1; 2 of 2 tasks run; since",
      expect.stringMatching(/^ {6}\d{4}-.*Z$/),
    ]);
  });

  it("shows what the circuit breaker did, why tasks failed in words, and their last lines, within 80 columns", async () => {
    await rollBack();
    const { out, code } = await status();
    expect(code).toBe(1);
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(about(out, "myapp ").replace(/\n {4,6}(?! )/g, " ")).toMatch(
      new RegExp(
        "^✗ myapp {2}2 of 2 tasks run prod-myapp:1 runs; .* ! its last deployment failed " +
          "prod-myapp:2 \\(myapp:2\\) was rolled back to prod-myapp:1 at \\S+Z by the circuit breaker, which allows 3 failed " +
          "tasks in a row and counted 3: Service deployment rolled back because .* exceeded\\. " +
          `3 tasks, 00000000 last, of prod-myapp:2 stopped at \\S+Z: Essential container in task exited \\(myapp, exit code 137: ` +
          "it was killed \\(SIGKILL\\): out of memory, or still running after stopTimeout, OutOfMemoryError\\) " +
          `last lines of myapp in ${id(12)}:\n {8}\\*\\* \\(RuntimeError\\) \\\\u\\{1b\\}\\[31mno memory$`,
      ),
    );
  });

  it("ends with 3 while a deployment is in progress, and takes an earlier failure for the past", async () => {
    const all = await revisions(deployed, "registry.example/myapp:2");
    await runs(
      [
        current("PRIMARY", "IN_PROGRESS", all[1]!, { runningCount: 1, pendingCount: 1, failedTasks: 2 }),
        current("ACTIVE", "COMPLETED", all[0]!, { desiredCount: 0 }),
      ],
      [
        deployment(2, "IN_PROGRESS", { lifecycleStage: "BAKE_TIME" }),
        deployment(1, "STOPPED", { alarms: { triggeredAlarmNames: [] } }),
      ],
      all,
      { runningCount: 1 },
    );
    const { out, code } = await status();
    expect(code).toBe(3);
    expect(about(out, "myapp ").replace(/\n {6}(?! )/g, " ")).toMatch(
      /^… myapp {2}1 of 2 tasks run\n {4}prod-myapp:2 is being deployed; new tasks have the traffic, .*; image myapp:2; 1 of 2 tasks run, 1 start; 2 failed in a row; since .*Z\n {4}prod-myapp:1 is being replaced;/,
    );
    await rollBack(deployment(3, "IN_PROGRESS"));
    const later = await status();
    expect(later.out.replace(/\n +/g, " ")).toContain("exceeded. Another deployment has started since.");
    expect(later.out).not.toContain("its last deployment failed");
  });

  it("names the alarm that ended a deployment", async () => {
    const all = await revisions(deployed, "registry.example/myapp:2");
    const alarms = { status: "TRIGGERED", alarmNames: ["5xx", "cpu"], triggeredAlarmNames: ["5xx"] };
    const further = { ...rolledBack, deploymentCircuitBreaker: undefined, alarms };
    await runs(
      [current("PRIMARY", "COMPLETED", all[0]!)],
      [deployment(2, "ROLLBACK_SUCCESSFUL", further), deployment(1, "SUCCESSFUL")],
      all,
    );
    expect((await status()).out.replace(/\n +/g, " ")).toMatch(
      /was rolled back to prod-myapp:1 at \S+ by the alarm 5xx:/,
    );
  });

  it("shows targets with their reasons in words, and ends with 1 when one is unhealthy", async () => {
    await steady();
    await targets(
      { id: "10.0.1.11", port: 4000, state: "healthy" },
      {
        ...{ id: "10.0.1.12", port: 4000, state: "unhealthy", reason: "Target.ResponseCodeMismatch" },
        description: "Health checks failed with these codes: [503]",
      },
      { id: "10.0.1.13", port: 4000, state: "initial", reason: "Elb.InitialHealthChecking", description: "…" },
    );
    const { out, code } = await status();
    expect(code).toBe(1);
    const lines = about(out, "myapp ")
      .replace(/\n {6}(?! )/g, " ")
      .split("\n");
    expect(lines.filter((line) => /target/.test(line))).toEqual([
      "    ! the target 10.0.1.12:4000 is unhealthy",
      "    target 10.0.1.11:4000 of prod-myapp: healthy",
      "    target 10.0.1.12:4000 of prod-myapp: unhealthy, Target.ResponseCodeMismatch: it answers the health check with a status that the target group doesn't accept (503)",
      "    target 10.0.1.13:4000 of prod-myapp: initial, Elb.InitialHealthChecking: its first health checks are in progress",
    ]);
  });

  it("ends with 1 when tasks are missing or unhealthy, or a service isn't deployed", async () => {
    const all = await steady();
    await runs([current("PRIMARY", "COMPLETED", all[0]!, { runningCount: 1 })], [], all, { runningCount: 1 });
    await deployed.tasks({ service: "myapp", id: id(1), address: "10.0.1.11", record: { healthStatus: "UNHEALTHY" } });
    const { out, code } = await status();
    expect(code).toBe(1);
    expect(out).toContain("    ! 1 of its tasks are missing\n");
    expect(out.replace(/\n +/g, " ")).toContain(`! task ${id(1)} fails its container's health check`);
    await deployed.reset(environmentsText());
    expect((await status()).out.replace(/\n +/g, " ")).toMatch(
      /✗ myapp {2}0 of 0 tasks run ! is not deployed in the ECS cluster my-cluster: .*npx cdktf deploy prod/,
    );
  });

  it.each([
    ["ListServiceDeployments", "its deployments: AWS refused: no."],
    ["DescribeTaskDefinition", "the logs of its tasks: AWS refused: no."],
  ])("says what it may not read (%s), shows the rest, and ends with 2", async (operation, what) => {
    await steady();
    faulty.add({ operation, error: "AccessDeniedException", message: "no" });
    const { out, code } = await status();
    expect(code).toBe(2);
    expect(out.replace(/\n +/g, " ")).toContain(`? not read: ${what}`);
    expect(out).toContain("? myapp  2 of 2 tasks run");
    expect(out).toContain("prod-myapp:1 runs");
  });

  it("says what it may not read of targets", async () => {
    await steady();
    await targets({ id: "10.0.1.11", port: 4000, state: "healthy" });
    faulty.add({ operation: "DescribeTargetHealth", error: "AccessDenied", message: "no" });
    expect((await status()).out.replace(/\n +/g, " ")).toContain(
      "? not read: the health of its targets: AWS refused: no.",
    );
  });

  it("prints JSON", async () => {
    await rollBack();
    const { out, code } = await status("--json");
    const { services } = JSON.parse(out) as { services: object[] };
    expect(code).toBe(1);
    expect(services).toEqual([
      expect.objectContaining({
        name: "myapp",
        state: "failed",
        deployments: [
          expect.objectContaining({ revision: "prod-myapp:1", image: "myapp:1", state: "runs", running: 2 }),
        ],
        failedTasks: [expect.objectContaining({ revision: "prod-myapp:2", tasks: [id(12), id(11), id(10)] })],
        failedDeployment: expect.objectContaining({ status: "ROLLBACK_SUCCESSFUL", image: "myapp:2" }),
      }),
      expect.objectContaining({ name: "myapp2", state: "steady" }),
    ]);
  });
});

it.each([
  ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop:1.4.0", "shop:1.4.0"],
  [`registry.example/shop@sha256:${"0123456789ab".padEnd(64, "f")}`, "shop@sha256:0123456789ab"],
  [`localhost:5000/shop:1.4@sha256:${"0123456789ab".padEnd(64, "f")}`, "shop@sha256:0123456789ab"],
  ["shop", "shop"],
])("the image %s is %s", (uri, name) => expect(imageName(uri)).toBe(name));
