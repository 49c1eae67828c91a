import { PassThrough } from "node:stream";
import { CreateSecurityGroupCommand } from "@aws-sdk/client-ec2";
import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { clusterGroupName } from "../../../src/aws/names";
import type { Terminal } from "../../../src/cli/operations/confirm";
import { taskCommand } from "../../../src/cli/operations/task";
import { runCommand } from "../command";
import { deployBefore } from "../deploy-before";
import { Deployed, environmentsText, type TaskOptions } from "../deployed";
import { FaultyAws } from "../faulty-aws";
import { writeLog } from "../log-streams";

let deployed: Deployed;
let faulty: FaultyAws;

deployBefore((own) => ({ deployed, faulty } = own));

const id = "1".repeat(32);
const here = () => ["--environments", deployed.file];
const noTerminal: Terminal = { input: new PassThrough(), output: new PassThrough() };

const task = (...args: string[]) => runCommand(taskCommand(noTerminal), "prod", "myapp", ...here(), ...args);

/** ECS accepts the task; what it becomes is put into local AWS. */
const accepted = () => faulty.answer({ operation: ".RunTask", body: { tasks: [{ taskArn: deployed.taskArn(id) }] } });

/** Puts the task as ECS describes it. */
async function becomes(record: TaskOptions["record"], status = "STOPPED"): Promise<void> {
  await deployed.tasks({ service: "myapp", id, status, record });
}

const endsWith = (exitCode: number | undefined, more: TaskOptions["record"] = {}) =>
  becomes({ containers: [{ name: "myapp", lastStatus: "STOPPED", exitCode }], ...more });

const log = (...lines: string[]) =>
  writeLog(
    deployed,
    id,
    lines.map((line, at) => [-at / 1000, line] as const),
  );

/** What RunTask was asked for. */
function asked() {
  const request = faulty.requests.find(({ operation }) => operation.endsWith(".RunTask"));
  return request!.body as Record<string, unknown> & {
    readonly networkConfiguration: { readonly awsvpcConfiguration: { readonly securityGroups: readonly string[] } };
    readonly overrides: { readonly containerOverrides: readonly object[] };
  };
}

const refused = (reason: string, detail?: string) =>
  faulty.answer({ operation: ".RunTask", body: { tasks: [], failures: [{ reason, detail }] } });

describe("npm run task", () => {
  it("runs the command in a task like the service's, prints its output and ends as its container does", async () => {
    // GIVEN
    accepted();
    await log("seeding", "\u001b[31mred\u001b[0m");
    await endsWith(3);
    // WHEN
    const { out, err, code } = await task("--", "eval", "Shop.Release.seed()", "--quiet");
    // THEN
    expect(code).toBe(3);
    expect(out).toBe("seeding\n\\u{1b}[31mred\\u{1b}[0m");
    expect(err).toContain(`Task ${id}: STOPPED`);
    expect(err).toContain("ended: exit code 3");
    expect(asked()).toMatchObject({
      cluster: "my-cluster",
      count: 1,
      taskDefinition: deployed.definitions.get("myapp"),
      launchType: "FARGATE",
      startedBy: "elixir-cluster/task",
      enableExecuteCommand: true,
      enableECSManagedTags: true,
      propagateTags: "TASK_DEFINITION",
      clientToken: expect.any(String) as string,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...deployed.existing.subnetIds],
          securityGroups: [deployed.groups.get("myapp")],
        },
      },
    });
    expect(asked().overrides.containerOverrides).toEqual([
      {
        name: "myapp",
        command: ["bin/myapp", "eval", "Shop.Release.seed()", "--quiet"],
        environment: [{ name: "RELEASE_DISTRIBUTION", value: "none" }],
      },
    ]);
  });

  it("follows the task while it runs", async () => {
    accepted();
    await becomes({}, "PENDING");
    await log("first");
    let looks = 0;
    const next = async () => {
      looks += 1;
      if (looks === 1) await becomes({}, "RUNNING");
      if (looks === 2) await log("second");
      if (looks === 3) await endsWith(0);
      faulty.meanwhile(".DescribeTasks", next);
    };
    faulty.meanwhile(".DescribeTasks", next);
    const { out, err, code } = await task("--", "bin/seed");
    expect({ out, code }).toEqual({ out: "first\nsecond", code: 0 });
    expect(err.match(/: ([A-Z]+)$/gm)).toEqual([": RUNNING", ": STOPPED"]);
    expect(asked().overrides.containerOverrides).toMatchObject([{ command: ["bin/seed"] }]);
  });

  it.each([
    [137, "exit code 137: it was killed (SIGKILL): out of memory, or still running after stopTimeout"],
    [143, "exit code 143: it stopped after SIGTERM"],
  ])("explains exit code %d", async (exitCode, words) => {
    accepted();
    await endsWith(exitCode);
    const { err, code } = await task("--", "eval", "1");
    expect(code).toBe(exitCode);
    expect(err).toContain(words);
  });

  it("says why a task stopped before its container ran", async () => {
    accepted();
    const stoppedReason = "ResourceInitializationError: the specified log group does not exist";
    await endsWith(undefined, { stoppedReason, stopCode: "TaskFailedToStart" });
    const { err, code } = await task("--", "eval", "1");
    expect(code).toBe(2);
    expect(err).toContain(`Task ${id} stopped before its container ran: ${stoppedReason}`);
  });

  it.each([
    ["RESOURCE:MEMORY", undefined, "RESOURCE:MEMORY: no instance of the ECS cluster has that much free"],
    ["RESOURCE:FARGATE", undefined, "Fargate has no capacity in these subnets now"],
    ["Capacity is unavailable at this time. Please try again later", undefined, "Fargate has no capacity"],
    ["EMPTY CAPACITY PROVIDER", "cp", "its capacity provider has no instance and may start none: cp"],
    ["SOMETHING NEW", "in detail", "ECS didn't start the task. SOMETHING NEW: in detail"],
  ])("puts the failure %s into words", async (reason, detail, words) => {
    refused(reason, detail);
    const { err, code } = await task("--", "eval", "1");
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  it("says what AWS refuses", async () => {
    faulty.add({
      operation: ".RunTask",
      error: "AccessDeniedException",
      message: "not authorized to perform: iam:PassRole",
    });
    const { err, code } = await task("--", "eval", "1");
    expect(code).toBe(2);
    expect(err).toContain("AWS refused: not authorized to perform: iam:PassRole.");
  });

  it("keeps the task when AWS stops answering, and says how to stop it", async () => {
    accepted();
    faulty.add({ operation: ".DescribeTasks", error: "ExpiredTokenException", message: "The token has expired" });
    const { err, code } = await task("--", "eval", "1");
    expect(code).toBe(2);
    expect(err).toContain(
      `Task ${id} keeps running. To stop it: aws ecs stop-task --region eu-west-1 --cluster my-cluster --task ${id}`,
    );
    expect(err).toContain("Sign in again");
  });

  it("refuses a service that isn't deployed", async () => {
    deployed.write(environmentsText({ ecsCluster: { name: "other" } }));
    const { err, code } = await task("--", "eval", "1");
    expect(code).toBe(2);
    expect(err).toMatch(/^There is no ECS cluster other/);
  });
});

describe("capacity", () => {
  const run = async (change: object) => {
    await deployed.counts("myapp", change);
    accepted();
    await endsWith(0);
    await task("--", "eval", "1");
    return asked();
  };

  it("is on demand where the service is on Fargate Spot, with its platform version", async () => {
    const capacityProviderStrategy = [
      { capacityProvider: "FARGATE_SPOT", weight: 3 },
      { capacityProvider: "FARGATE", weight: 1 },
    ];
    const request = await run({ capacityProviderStrategy, launchType: null, platformVersion: "1.4.0" });
    expect(request).toMatchObject({ launchType: "FARGATE", platformVersion: "1.4.0" });
    expect(request).not.toHaveProperty("capacityProviderStrategy");
  });

  it("is the service's own where it isn't Fargate's", async () => {
    const capacityProviderStrategy = [{ capacityProvider: "my-instances", weight: 1 }];
    const request = await run({ capacityProviderStrategy, launchType: null });
    expect(request).toMatchObject({ capacityProviderStrategy });
    expect(request).not.toHaveProperty("launchType");
  });
});

describe("--join", () => {
  /** The service's tasks are in the cluster's group too. */
  async function withClusterGroup(GroupName: string): Promise<string> {
    const { ec2, ecs } = deployed.clients;
    const { GroupId } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName, Description: "cluster", VpcId: deployed.existing.vpcId }),
    );
    const awsvpcConfiguration = {
      subnets: [...deployed.existing.subnetIds],
      securityGroups: [deployed.groups.get("myapp")!, GroupId!],
    };
    await ecs.send(
      new UpdateServiceCommand({
        cluster: "my-cluster",
        service: "myapp",
        networkConfiguration: { awsvpcConfiguration },
      }),
    );
    return GroupId!;
  }

  const groupsOf = async (...options: string[]) => {
    accepted();
    await endsWith(0);
    await task(...options, "--", "eval", "1");
    return asked().networkConfiguration.awsvpcConfiguration.securityGroups;
  };

  it("puts the task into the cluster's group, and makes eval a node", async () => {
    const group = await withClusterGroup(clusterGroupName("prod-{service}", "web"));
    expect(await groupsOf("--join")).toEqual([deployed.groups.get("myapp"), group]);
    expect(asked().overrides.containerOverrides).toMatchObject([
      { environment: [{ name: "EVAL_DISTRIBUTION", value: "name" }] },
    ]);
  });

  it("is needed for the cluster's group", async () => {
    await withClusterGroup(clusterGroupName("prod-{service}", "web"));
    expect(await groupsOf()).toEqual([deployed.groups.get("myapp")]);
  });

  it("is needed for an existing group of the cluster", async () => {
    const group = await withClusterGroup("somebody-elses");
    deployed.write(environmentsText({ distributionRules: { groups: { web: `sg-${group.slice(-17)}` } } }));
    expect(await groupsOf()).toEqual([deployed.groups.get("myapp")]);
  });
});

describe("--image", () => {
  const image = "registry.example/myapp:2";

  async function revisions(status: "ACTIVE" | "INACTIVE"): Promise<string[]> {
    const { taskDefinitionArns = [] } = await deployed.clients.ecs.send(new ListTaskDefinitionsCommand({ status }));
    return taskDefinitionArns.map((arn) => arn.split("/").at(-1)!);
  }

  /** A task definition as `beforeStart` and a sidecar make it. */
  async function withInitContainer(command: string[]): Promise<void> {
    const { ecs } = deployed.clients;
    const { taskDefinition, tags } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: deployed.definitions.get("myapp"), include: ["TAGS"] }),
    );
    const { family, networkMode, cpu, memory, executionRoleArn, taskRoleArn, containerDefinitions } = taskDefinition!;
    const [own] = containerDefinitions!;
    const registered = await ecs.send(
      new RegisterTaskDefinitionCommand({
        ...{ family, networkMode, cpu, memory, executionRoleArn, taskRoleArn },
        requiresCompatibilities: ["FARGATE"],
        tags: [...(tags ?? []), { key: "team", value: "shop" }],
        containerDefinitions: [
          { ...own, dependsOn: [{ containerName: "myapp-before-start", condition: "SUCCESS" }] },
          { name: "myapp-before-start", image: own!.image, essential: false, entryPoint: ["bin/myapp"], command },
          { name: "log-router", image: "fluent/fluent-bit:3", essential: true },
        ],
      }),
    );
    const { taskDefinitionArn } = registered.taskDefinition!;
    await ecs.send(
      new UpdateServiceCommand({ cluster: "my-cluster", service: "myapp", taskDefinition: taskDefinitionArn }),
    );
  }

  it("runs a copy of the task definition in a family of its own, and leaves none that can be run", async () => {
    // GIVEN
    await withInitContainer(["eval", "Shop.Release.migrate()"]);
    const before = await revisions("ACTIVE");
    accepted();
    await endsWith(0);
    // WHEN
    const { code } = await task("--image", image, "--", "eval", "Shop.Release.migrate()");
    // THEN
    expect(code).toBe(0);
    expect(String(asked().taskDefinition)).toMatch(/prod-myapp_one-off:1$/);
    const { taskDefinition, tags } = await deployed.clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: String(asked().taskDefinition), include: ["TAGS"] }),
    );
    const { containerDefinitions, taskRoleArn, cpu, requiresCompatibilities } = taskDefinition!;
    expect(containerDefinitions!.map((one) => one.image)).toEqual([image, image, "fluent/fluent-bit:3"]);
    expect({ cpu, requiresCompatibilities }).toEqual({ cpu: "512", requiresCompatibilities: ["FARGATE"] });
    expect(taskRoleArn).toMatch(/role\/prod-myapp-task$/);
    expect(tags).toContainEqual({ key: "team", value: "shop" });
    expect(await revisions("ACTIVE")).toEqual(before);
  });

  it("deregisters the copy when ECS doesn't start the task", async () => {
    const before = await revisions("ACTIVE");
    refused("RESOURCE:FARGATE");
    expect((await task("--image", image, "--", "eval", "1")).code).toBe(2);
    expect(await revisions("ACTIVE")).toEqual(before);
    expect(await revisions("INACTIVE")).toContain("prod-myapp_one-off:1");
  });

  it("names a copy that it may not deregister", async () => {
    accepted();
    await endsWith(0);
    faulty.add({ operation: ".DeregisterTaskDefinition", error: "AccessDeniedException", message: "no" });
    const { err, code } = await task("--image", image, "--", "eval", "1");
    expect(code).toBe(0);
    expect(err).toMatch(/The task definition \S+prod-myapp_one-off:1 is left behind: no/);
  });

  it("skips what beforeStart evaluates, with and without it", async () => {
    await withInitContainer(["eval", "Shop.Release.migrate()"]);
    accepted();
    await endsWith(0);
    await task("--", "eval", "Shop.Release.rollback()");
    expect(asked().overrides.containerOverrides).toMatchObject([
      { name: "myapp", command: ["bin/myapp", "eval", "Shop.Release.rollback()"] },
      { name: "myapp-before-start", command: ["eval", ":ok"] },
    ]);
  });

  it("can't skip a program of beforeStart", async () => {
    await withInitContainer([]);
    accepted();
    await endsWith(0);
    await task("--", "eval", "1");
    expect(asked().overrides.containerOverrides).toHaveLength(1);
  });
});

describe("Ctrl-C", () => {
  const terminal = (...answers: string[]) => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = Object.assign(new PassThrough(), { isTTY: true });
    const asked: string[] = [];
    output.on("data", (chunk: Buffer) => {
      if (!chunk.toString().includes("[y/N]")) return;
      asked.push(chunk.toString());
      input.write(`${answers.shift() ?? "y"}\n`);
    });
    return { input, output, asked };
  };

  it("asks, and stops the task", async () => {
    const screen = terminal("y");
    accepted();
    await becomes({}, "RUNNING");
    faulty.meanwhile(".DescribeTasks", async () => {
      // npm sends the signal a second time.
      process.emit("SIGINT", "SIGINT");
      process.emit("SIGINT", "SIGINT");
      faulty.meanwhile(".StopTask", () => endsWith(143));
    });
    const { err, code } = await runCommand(taskCommand(screen), "prod", "myapp", ...here(), "--", "eval", "1");
    expect(code).toBe(143);
    expect(screen.asked).toEqual([expect.stringContaining(`Stop task ${id}? [y/N]`)]);
    expect(err).toContain(`Task ${id} was asked to stop.`);
    expect(faulty.requests.find(({ operation }) => operation.endsWith(".StopTask"))?.body).toEqual({
      cluster: "my-cluster",
      task: id,
      reason: "npm run task was interrupted",
    });
  });

  it("follows the task further after another answer", async () => {
    const screen = terminal("n");
    accepted();
    await becomes({}, "RUNNING");
    faulty.meanwhile(".DescribeTasks", async () => {
      process.emit("SIGINT", "SIGINT");
      faulty.meanwhile(".DescribeTasks", () => endsWith(0));
    });
    const { code } = await runCommand(taskCommand(screen), "prod", "myapp", ...here(), "--", "eval", "1");
    expect(code).toBe(0);
    expect(screen.asked).toHaveLength(1);
    expect(faulty.count(".StopTask")).toBe(0);
  });

  it.each([
    ["SIGINT", "without a terminal"],
    ["SIGTERM", "whatever the terminal"],
  ] as const)("%s stops the task without a question %s", async (signal, _where) => {
    const screen = signal === "SIGINT" ? noTerminal : terminal();
    accepted();
    await becomes({}, "RUNNING");
    faulty.meanwhile(".DescribeTasks", async () => {
      process.emit(signal, signal);
      faulty.meanwhile(".StopTask", () => endsWith(143));
    });
    expect((await runCommand(taskCommand(screen), "prod", "myapp", ...here(), "--", "eval", "1")).code).toBe(143);
  });

  it("before the task has started stops it as soon as it has", async () => {
    accepted();
    await becomes({}, "RUNNING");
    faulty.meanwhile(".DescribeTaskDefinition", async () => {
      process.emit("SIGINT", "SIGINT");
      faulty.meanwhile(".StopTask", () => endsWith(143));
    });
    expect((await task("--", "eval", "1")).code).toBe(143);
  });

  it("has its usual effect again afterwards", async () => {
    const before = process.listenerCount("SIGINT");
    refused("INACTIVE");
    await task("--", "eval", "1");
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});
