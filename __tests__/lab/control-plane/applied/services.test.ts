import { readServices } from "../../../../src/lab/control-plane/applied/services";
import { pages, ScriptedAws } from "../scripted-aws";

const service = (name: string, change: object = {}) => ({
  serviceArn: `arn:aws:ecs:eu-west-1:123456789012:service/c/${name}`,
  serviceName: name,
  clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/c",
  status: "ACTIVE",
  taskDefinition: "arn:aws:ecs:eu-west-1:123456789012:task-definition/myapp:3",
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a"] } },
  deployments: [
    { id: "ecs-svc/1", status: "ACTIVE" },
    { id: "ecs-svc/2", status: "PRIMARY" },
  ],
  ...change,
});

const awsWith = (...services: object[]) =>
  new ScriptedAws({
    ListClusters: pages("nextToken", { clusterArns: ["c"] }, {}, { clusterArns: ["empty"] }),
    ListServices: ({ cluster, nextToken }: { cluster: string; nextToken?: string }) =>
      cluster === "empty" ? {} : nextToken ? { serviceArns: ["b"] } : { serviceArns: ["a"], nextToken: "1" },
    DescribeServices: () => ({ services }),
  });

it("reads the active services of all clusters", async () => {
  const aws = awsWith(
    service("myapp", {
      desiredCount: 3,
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b"], securityGroups: ["sg-1"] } },
      serviceRegistries: [{ registryArn: "arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1" }],
      loadBalancers: [
        { targetGroupArn: "arn:shop", containerName: "myapp", containerPort: 4000 },
        { loadBalancerName: "classic", containerName: "myapp", containerPort: 4000 },
      ],
      healthCheckGracePeriodSeconds: 20,
      enableExecuteCommand: true,
      capacityProviderStrategy: [
        { capacityProvider: "FARGATE", base: 1 },
        { capacityProvider: "FARGATE_SPOT", weight: 3 },
      ],
      deploymentController: { type: "ECS" },
      deploymentConfiguration: {
        strategy: "CANARY",
        alarms: { enable: true, rollback: true, alarmNames: ["shop-5xx"] },
        minimumHealthyPercent: 50,
        maximumPercent: 150,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    }),
    service("gone", { status: "INACTIVE" }),
  );
  expect(await readServices(aws.clients)).toEqual([
    {
      arn: "arn:aws:ecs:eu-west-1:123456789012:service/c/myapp",
      name: "myapp",
      clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/c",
      taskDefinitionArn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/myapp:3",
      desiredCount: 3,
      configuration: {
        minimumHealthyPercent: 50,
        maximumPercent: 150,
        circuitBreaker: { enable: true, rollback: true },
        alarms: { names: ["shop-5xx"], rollback: true },
      },
      strategy: "CANARY",
      capacity: [
        { provider: "FARGATE", base: 1, weight: 0 },
        { provider: "FARGATE_SPOT", base: 0, weight: 3 },
      ],
      subnetIds: ["subnet-a", "subnet-b"],
      securityGroupIds: ["sg-1"],
      registryId: "srv-1",
      targets: [{ targetGroupArn: "arn:shop", containerName: "myapp", containerPort: 4000 }],
      gracePeriodSeconds: 20,
      deploymentId: "ecs-svc/2",
      enableExecuteCommand: true,
    },
  ]);
  expect(aws.requests("DescribeServices")).toEqual([{ cluster: "c", services: ["a", "b"] }]);
});

it("reads a service that CodeDeploy deploys, with its strategy", async () => {
  const change = { deploymentController: { type: "CODE_DEPLOY" as const }, deployments: [] };
  expect(await readServices(awsWith(service("myapp", change)).clients)).toMatchObject([
    { strategy: "CODE_DEPLOY", deploymentId: "ecs-svc/myapp" },
  ]);
});

it("takes no alarms that are off", async () => {
  const alarms = { enable: false, rollback: true, alarmNames: ["shop-5xx"] };
  const [read] = await readServices(awsWith(service("myapp", { deploymentConfiguration: { alarms } })).clients);
  expect(read!.configuration).not.toHaveProperty("alarms");
});

it("fills in what ECS takes where a service says nothing", async () => {
  expect(await readServices(awsWith(service("myapp")).clients)).toMatchObject([
    {
      desiredCount: 0,
      configuration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        circuitBreaker: { enable: false, rollback: false },
      },
      strategy: "ROLLING",
      securityGroupIds: [],
      registryId: undefined,
      gracePeriodSeconds: 0,
      enableExecuteCommand: false,
    },
  ]);
});

it.each([
  [
    "whose tasks come from task sets of another program",
    { deploymentController: { type: "EXTERNAL" } },
    'Service "myapp" has the deployment controller EXTERNAL',
  ],
  [
    "without subnets",
    { networkConfiguration: { awsvpcConfiguration: { subnets: [] } } },
    'Service "myapp" names no subnets, so its tasks have no place to be. A Fargate service needs a network ' +
      "configuration: network_configuration { subnets = […] } of aws_ecs_service.",
  ],
  ["without a network configuration", { networkConfiguration: undefined }, 'Service "myapp" names no subnets'],
  ["in bridge mode", { networkConfiguration: {} }, 'Service "myapp" names no subnets'],
])("refuses a service %s", async (_, change, message) => {
  await expect(readServices(awsWith(service("myapp", change)).clients)).rejects.toThrow(message);
});
