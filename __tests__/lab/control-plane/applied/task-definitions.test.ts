import { readTaskDefinition } from "../../../../src/lab/control-plane/applied/task-definitions";
import { ScriptedAws } from "../scripted-aws";

const read = (definition: object) => {
  const described = { taskDefinition: { family: "myapp", revision: 3, networkMode: "awsvpc", ...definition } };
  const aws = new ScriptedAws({ DescribeTaskDefinition: () => described });
  return readTaskDefinition(aws.clients, "myapp:3");
};

it("reads what a task is made from", async () => {
  expect(
    await read({
      taskDefinitionArn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/myapp:3",
      cpu: "256",
      memory: "512",
      executionRoleArn: "arn:aws:iam::123456789012:role/execution",
      taskRoleArn: "arn:aws:iam::123456789012:role/task",
      containerDefinitions: [
        {
          name: "app",
          image: "myapp:1",
          essential: false,
          entryPoint: ["/entrypoint"],
          command: ["start"],
          environment: [{ name: "PORT", value: "4000" }, { name: "EMPTY" }],
          secrets: [{ name: "RELEASE_COOKIE", valueFrom: "/org/cookie" }],
          healthCheck: { command: ["CMD", "check"], interval: 10 },
          stopTimeout: 90,
          portMappings: [{ containerPort: 4000, protocol: "tcp" }],
          dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }],
          readonlyRootFilesystem: true,
          mountPoints: [
            { containerPath: "/tmp", readOnly: false },
            { containerPath: "/etc/config", readOnly: true },
          ],
          logConfiguration: {
            logDriver: "awslogs",
            options: { "awslogs-group": "/myapp", "awslogs-stream-prefix": "app" },
          },
        },
      ],
    }),
  ).toEqual({
    arn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/myapp:3",
    family: "myapp",
    revision: 3,
    cpu: 256,
    memory: 512,
    executionRoleArn: "arn:aws:iam::123456789012:role/execution",
    taskRoleArn: "arn:aws:iam::123456789012:role/task",
    containers: [
      {
        name: "app",
        image: "myapp:1",
        essential: false,
        command: ["/entrypoint", "start"],
        environment: { PORT: "4000", EMPTY: "" },
        secrets: [{ name: "RELEASE_COOKIE", valueFrom: "/org/cookie" }],
        healthCheck: {
          command: ["check"],
          intervalSeconds: 10,
          timeoutSeconds: 5,
          retries: 3,
          startPeriodSeconds: 0,
        },
        stopTimeoutSeconds: 90,
        ports: [4000],
        dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }],
        readonlyRootFilesystem: true,
        volumes: ["/tmp"],
        logs: { group: "/myapp", streamPrefix: "app" },
      },
    ],
  });
});

it("fills in ECS's defaults", async () => {
  const definition = await read({ containerDefinitions: [{ name: "app" }] });
  expect(definition).toMatchObject({ cpu: undefined, memory: undefined });
  expect(definition.containers).toEqual([
    {
      name: "app",
      image: "",
      essential: true,
      command: [],
      environment: {},
      secrets: [],
      healthCheck: undefined,
      stopTimeoutSeconds: 30,
      ports: [],
      dependsOn: [],
      readonlyRootFilesystem: false,
      volumes: [],
      logs: undefined,
    },
  ]);
  expect((await read({})).containers).toEqual([]);
});

it("takes a health check without a command for none, as a task definition that was imported may have it", async () => {
  const { containers } = await read({ containerDefinitions: [{ name: "app", healthCheck: { command: [] } }] });
  expect(containers[0]!.healthCheck).toBeUndefined();
});

it.each([
  ["another driver", { logDriver: "splunk", options: { "awslogs-group": "g", "awslogs-stream-prefix": "p" } }],
  ["no group", { logDriver: "awslogs", options: { "awslogs-stream-prefix": "p" } }],
  ["no prefix", { logDriver: "awslogs", options: { "awslogs-group": "g" } }],
  ["no options", { logDriver: "awslogs" }],
])("knows no log stream with %s", async (_, logConfiguration) => {
  const { containers } = await read({ containerDefinitions: [{ name: "app", logConfiguration }] });
  expect(containers[0]!.logs).toBeUndefined();
});

it("refuses tasks without a network interface of their own", async () => {
  await expect(read({ networkMode: "bridge" })).rejects.toThrow(
    'Task definition myapp:3 has network mode "bridge"; on Fargate, and in the lab, every task has its own network ' +
      'interface: "awsvpc".',
  );
});
