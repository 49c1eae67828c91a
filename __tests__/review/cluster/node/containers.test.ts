import { containersOf, nodeContainer, taskDefinitionOf } from "../../../../src/review/cluster/node/containers";
import { Inference } from "../../../../src/review/cluster/inferred";
import { Resources } from "../../../../src/review/read/resources";
import { Reference, Unknown, type Value } from "../../../../src/review/read/value";
import { ref, resource } from "../../resource";

const containers = (container_definitions: Value) =>
  containersOf({ values: { container_definitions } }, "it has no task definition");
const read = (...definitions: object[]) => {
  const read = containers(JSON.stringify(definitions));
  return "known" in read ? read.known : [];
};

describe("container definitions", () => {
  it("are read as ECS reads them", () => {
    expect(
      read({
        name: "app",
        image: "myapp:1",
        essential: false,
        entryPoint: ["/entrypoint", 5],
        command: ["start"],
        dependsOn: [
          { containerName: "migrate", condition: "SUCCESS" },
          { containerName: "copy", condition: "COMPLETE" },
          { containerName: "proxy", condition: "START" },
        ],
        environment: [{ name: "PORT", value: 4000 }, { name: "EMPTY" }, { value: "nameless" }, null, "odd"],
        secrets: [{ name: "COOKIE", valueFrom: "/cookie" }],
        logConfiguration: { logDriver: "awsfirelens", secretOptions: [{ name: "token", valueFrom: "/token" }, {}] },
        firelensConfiguration: { type: "fluentbit" },
        repositoryCredentials: { credentialsParameter: "arn:login" },
        environmentFiles: [{ type: "s3", value: "arn:aws:s3:::acme/app.env" }, { type: "s3" }, "odd"],
        readonlyRootFilesystem: true,
        stopTimeout: 90,
        startTimeout: 60,
        healthCheck: { command: ["CMD", "check"] },
        cpu: 256,
        memory: 512,
        memoryReservation: 128,
        mountPoints: [
          { containerPath: "/tmp" },
          { containerPath: "/data", readOnly: false },
          { containerPath: "/etc/config", readOnly: true },
          { readOnly: false },
        ],
      }),
    ).toEqual([
      {
        name: "app",
        image: "myapp:1",
        essential: false,
        command: ["/entrypoint", "start"],
        dependsOn: [
          { container: "migrate", condition: "SUCCESS" },
          { container: "copy", condition: "COMPLETE" },
          { container: "proxy", condition: "START" },
        ],
        hasHealthCheck: true,
        startTimeout: 60,
        cpu: 256,
        memory: 128,
        environment: new Map([
          ["PORT", "4000"],
          ["EMPTY", ""],
        ]),
        secrets: new Map([["COOKIE", "/cookie"]]),
        readByEcs: ["/cookie", "/token", "arn:login"],
        environmentFiles: ["arn:aws:s3:::acme/app.env"],
        readonlyRoot: true,
        stopTimeout: 90,
        writableMounts: ["/tmp", "/data"],
        logDriver: "awsfirelens",
        isLogRouter: true,
        awslogs: undefined,
      },
    ]);
  });

  it("have ECS's defaults where they say nothing, or something else than ECS reads", () => {
    const defaults = {
      name: "",
      image: undefined,
      essential: true,
      command: [],
      dependsOn: [],
      hasHealthCheck: false,
      startTimeout: undefined,
      cpu: 0,
      memory: 0,
      environment: new Map(),
      secrets: new Map(),
      readByEcs: [],
      environmentFiles: [],
      readonlyRoot: false,
      stopTimeout: 30,
      writableMounts: [],
      logDriver: undefined,
      isLogRouter: false,
      awslogs: undefined,
    };
    const odd = {
      image: 5,
      entryPoint: "start",
      dependsOn: "migrate",
      environment: {},
      logConfiguration: "awslogs",
      repositoryCredentials: [],
      readonlyRootFilesystem: "true",
      stopTimeout: "90",
      mountPoints: {},
    };
    expect(read({}, odd)).toEqual([defaults, defaults]);
    // What isn't an object isn't a container.
    expect(containers('[null, "app", {"name": "app"}]')).toMatchObject({ known: [{ name: "app" }] });
  });

  it.each<[string, Value | undefined, string]>([
    ["unknown", new Unknown("set by AWS at apply"), "aren't known before apply (set by AWS at apply)"],
    ["a reference", new Reference("aws_x.y", "json"), "aren't known before apply (made of aws_x.y)"],
    ["not there", null, "aren't known before apply (not set)"],
    ["no JSON", "[", "aren't a JSON list"],
    ["no list", "{}", "aren't a JSON list"],
  ])("that are %s are unknown, and why", (_, value, because) => {
    expect(containers(value!)).toEqual({ unknown: `its container definitions ${because}` });
  });

  it("aren't known without a task definition", () => {
    expect(containersOf(undefined, "it has no task definition")).toEqual({ unknown: "it has no task definition" });
  });
});

it("finds the node among containers by its variables, secrets included", () => {
  const all = read(
    { name: "envoy", image: "envoyproxy/envoy:v1" },
    { name: "app", image: "a:1", secrets: [{ name: "RELEASE_COOKIE", valueFrom: "/c" }] },
  );
  expect(nodeContainer(all)!.name).toBe("app");
});

describe("a service's task definition", () => {
  const arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:3";
  const shop = resource("aws_ecs_task_definition.shop", { family: "shop", id: "shop" });
  const mail = resource("aws_ecs_task_definition.mail", { family: "mail", arn: arn.replace("shop:3", "mail:1") });
  const found = resource("data.aws_ecs_task_definition.found", { task_definition: "mail" });
  const chained = resource("data.aws_ecs_task_definition.chained", {
    task_definition: ref("aws_ecs_task_definition.shop"),
  });
  const resources = new Resources([shop, mail, found, chained]);
  const of = (task_definition: Value | undefined) => {
    const service = resource("aws_ecs_service.s", task_definition === undefined ? {} : { task_definition });
    return taskDefinitionOf(service.values, resources, new Inference(service, resources));
  };

  it.each<[string, Value, string]>([
    ["reference", ref("aws_ecs_task_definition.mail", "arn"), "aws_ecs_task_definition.mail"],
    ["ARN", arn.replace("shop:3", "mail:1"), "aws_ecs_task_definition.mail"],
    ["ARN of another revision", arn, "aws_ecs_task_definition.shop"],
    ["family", "shop", "aws_ecs_task_definition.shop"],
    ["family and revision", "shop:12", "aws_ecs_task_definition.shop"],
    ["data source", ref("data.aws_ecs_task_definition.found", "arn"), "aws_ecs_task_definition.mail"],
    ["data source of a resource", ref("data.aws_ecs_task_definition.chained", "arn"), "aws_ecs_task_definition.shop"],
  ])("is found by its %s", (_, value, address) => {
    expect(of(value).taskDefinition!.address).toBe(address);
  });

  it.each<[Value | undefined, string]>([
    [undefined, "it has no task definition"],
    [null, "it has no task definition"],
    ["other", "its task definition is not in this plan"],
    ["shop-2", "its task definition is not in this plan"],
    [ref("aws_ecs_task_definition.gone"), "its task definition is not in this plan"],
    [new Unknown("a variable"), "which task definition it runs isn't known: a variable"],
  ])("may not be found: %j", (value, because) => {
    expect(of(value)).toEqual({ taskDefinition: undefined, because });
  });
});
