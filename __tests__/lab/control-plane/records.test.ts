import type { AppliedService } from "../../../src/lab/control-plane/applied/services";
import type { FargateTask, TaskStatus } from "../../../src/lab/control-plane/task/fargate-task";
import { serviceRecord, taskRecord } from "../../../src/lab/control-plane/records";
import { ServiceScheduler } from "../../../src/lab/control-plane/scheduler";
import { SimulatedClock } from "../simulated-clock";

const applied: AppliedService = {
  arn: "arn:aws:ecs:eu-west-1:123456789012:service/c/myapp",
  name: "myapp",
  clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/c",
  taskDefinitionArn: "myapp:2",
  desiredCount: 1,
  configuration: {
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    circuitBreaker: { enable: true, rollback: true },
  },
  strategy: "ROLLING",
  capacity: [],
  subnetIds: ["subnet-1"],
  securityGroupIds: [],
  targets: [],
  gracePeriodSeconds: 0,
  deploymentId: "ecs-svc/2",
  enableExecuteCommand: false,
};

/** A service whose second deployment was rolled back to the first one. */
function rolledBack() {
  const clock = new SimulatedClock();
  const crashes = new Set<string>();
  let next = 1;
  const scheduler: ServiceScheduler<{ readonly definition: { readonly arn: string } }> = new ServiceScheduler(
    "myapp",
    {
      start: ({ revision }) => {
        const id = `t${next++}`;
        if (revision.definition.arn === "myapp:2") crashes.add(id);
        clock.after(100, () => (crashes.has(id) ? scheduler.taskStopped(id) : scheduler.taskRunning(id, false)));
        return { id };
      },
      stop: (id) => void clock.after(10, () => scheduler.taskStopped(id)),
    },
    clock,
  );
  const request = (id: string, arn: string) => {
    scheduler.update(applied, { id, revision: { definition: { arn } } });
    clock.run(600_000);
  };
  request("ecs-svc/1", "myapp:1");
  request("ecs-svc/2", "myapp:2");
  return scheduler;
}

const recordOf = ({ deployments, history, events }: ReturnType<typeof rolledBack>) =>
  serviceRecord({ applied, tasks: [], deployments, history, events });

it("names, after a rollback, the task definition that runs, and the request that it answers", () => {
  expect(recordOf(rolledBack())).toMatchObject({
    cluster: "c",
    service: "myapp",
    taskDefinition: "myapp:1",
    requestedDeployment: "ecs-svc/2",
    deployments: [{ id: "ecs-svc/1", status: "PRIMARY", taskDefinition: "myapp:1", desiredCount: 1, failedTasks: 0 }],
    serviceDeployments: [
      {
        serviceDeploymentArn: "arn:aws:ecs:eu-west-1:123456789012:service-deployment/c/myapp/2",
        status: "ROLLBACK_SUCCESSFUL",
        deploymentCircuitBreaker: { status: "TRIGGERED", failureCount: 3, threshold: 3 },
        rollback: { serviceRevisionArn: "arn:aws:ecs:eu-west-1:123456789012:service-revision/c/myapp/1" },
      },
      { status: "SUCCESSFUL", deploymentCircuitBreaker: { status: "MONITORING_COMPLETE" } },
    ],
    serviceRevisions: [{ taskDefinition: "myapp:2" }, { taskDefinition: "myapp:1" }],
  });
});

it("gives the same when it is made twice, and changes nothing of what the scheduler knows", () => {
  const scheduler = rolledBack();
  const { deployments, history, events } = structuredClone(
    (({ deployments, history, events }) => ({ deployments, history, events }))(scheduler),
  );
  expect(recordOf(scheduler)).toEqual(recordOf(scheduler));
  expect(scheduler).toMatchObject({ deployments, history, events });
});

describe("a task as DescribeTasks reports it", () => {
  const arn = "arn:aws:ecs:eu-west-1:123456789012:task/c/abc";
  const seconds = (count: number) => `1970-01-01T00:00:${String(count).padStart(2, "0")}.000Z`;
  const container = (name: string, change: object = {}) => ({
    definition: { name, image: `${name}:1` },
    health: "UNKNOWN",
    ...change,
  });
  const task = (change: object = {}, definition: object = { cpu: 256, memory: 512 }) =>
    ({
      id: "abc",
      arn,
      order: {
        serviceName: "myapp",
        deploymentId: "ecs-svc/1",
        clusterArn: applied.clusterArn,
        definition: { arn: "myapp:2", ...definition },
        subnet: { id: "subnet-a", availabilityZone: "eu-west-1a" },
        enableExecuteCommand: true,
      },
      status: "RUNNING",
      health: "HEALTHY",
      createdAt: 0,
      startedAt: 5000,
      networkInterface: { id: "eni-1", address: "10.0.0.4", macAddress: "02:00", privateDnsName: "ip-10-0-0-4" },
      containers: { all: [container("app", { running: {}, health: "HEALTHY" })] },
      ...change,
    }) as unknown as FargateTask;

  it("that runs has its interface and its containers", () => {
    expect(taskRecord(task())).toEqual({
      taskArn: arn,
      clusterArn: applied.clusterArn,
      taskDefinitionArn: "myapp:2",
      group: "service:myapp",
      startedBy: "ecs-svc/1",
      launchType: "FARGATE",
      platformVersion: "1.4.0",
      platformFamily: "Linux",
      availabilityZone: "eu-west-1a",
      connectivity: "CONNECTED",
      enableExecuteCommand: true,
      cpu: "256",
      memory: "512",
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      healthStatus: "HEALTHY",
      createdAt: seconds(0),
      startedAt: seconds(5),
      attachments: [
        {
          id: "abc",
          type: "ElasticNetworkInterface",
          status: "ATTACHED",
          details: [
            { name: "subnetId", value: "subnet-a" },
            { name: "networkInterfaceId", value: "eni-1" },
            { name: "macAddress", value: "02:00" },
            { name: "privateDnsName", value: "ip-10-0-0-4" },
            { name: "privateIPv4Address", value: "10.0.0.4" },
          ],
        },
      ],
      containers: [
        {
          containerArn: "arn:aws:ecs:eu-west-1:123456789012:container/c/abc/app",
          taskArn: arn,
          name: "app",
          image: "app:1",
          lastStatus: "RUNNING",
          healthStatus: "HEALTHY",
          networkInterfaces: [{ attachmentId: "abc", privateIpv4Address: "10.0.0.4" }],
        },
      ],
    });
  });

  it("that begins has neither interface nor size nor start", () => {
    const record = taskRecord(
      task(
        {
          status: "PROVISIONING",
          startedAt: undefined,
          networkInterface: undefined,
          containers: { all: [container("app")] },
        },
        {},
      ),
    );
    expect(record).toMatchObject({
      attachments: [{ status: "PRECREATED", details: [{ name: "subnetId", value: "subnet-a" }] }],
      containers: [{ lastStatus: "PENDING", networkInterfaces: [] }],
    });
    expect(record).toMatchObject({ cpu: undefined, memory: undefined, startedAt: undefined, stopCode: undefined });
  });

  it("that has ended says when and why, and its containers' exit codes", () => {
    const end = { stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" };
    const all = [container("app", { running: {}, exit: { exitCode: 3 } }), container("proxy", { running: {} })];
    const ending = { end, stoppingAt: 8000, containers: { all } };
    expect(taskRecord(task({ ...ending, status: "DEACTIVATING" }))).toMatchObject({
      ...end,
      lastStatus: "DEACTIVATING",
      desiredStatus: "STOPPED",
      stoppingAt: seconds(8),
      attachments: [{ status: "ATTACHED" }],
      containers: [{ lastStatus: "STOPPED", exitCode: 3 }, { lastStatus: "RUNNING" }],
    });
    expect(taskRecord(task({ ...ending, status: "STOPPED", stoppedAt: 9000 }))).toMatchObject({
      stoppedAt: seconds(9),
      attachments: [{ status: "DELETED" }],
      containers: [{ lastStatus: "STOPPED" }, { lastStatus: "STOPPED" }],
    });
  });

  it("is counted by its status, for the service and for its deployment", () => {
    let next = 1;
    const scheduler = new ServiceScheduler<{ readonly definition: { readonly arn: string } }>(
      "myapp",
      { start: () => ({ id: `t${next++}` }), stop: () => {} },
      new SimulatedClock(),
    );
    for (const id of ["ecs-svc/1", "ecs-svc/2"])
      scheduler.update({ ...applied, desiredCount: 3 }, { id, revision: { definition: { arn: "myapp:2" } } });
    const of = (deploymentId: string, ...statuses: TaskStatus[]) =>
      statuses.map((status) => ({ ...task({ status }), order: { deploymentId } }) as FargateTask);
    const tasks = [
      ...of("ecs-svc/1", "RUNNING", "RUNNING", "DEACTIVATING", "STOPPED"),
      ...of("ecs-svc/2", "RUNNING", "PROVISIONING", "PENDING", "ACTIVATING", "STOPPING", "DEPROVISIONING"),
    ];
    const { deployments, history, events } = scheduler;
    const record = serviceRecord({ applied: { ...applied, desiredCount: 3 }, tasks, deployments, history, events });
    expect(record).toMatchObject({
      runningCount: 3,
      pendingCount: 3,
      deployments: [
        { id: "ecs-svc/2", desiredCount: 3, runningCount: 1, pendingCount: 3 },
        { id: "ecs-svc/1", desiredCount: 0, runningCount: 2, pendingCount: 0 },
      ],
      serviceDeployments: [
        {
          status: "IN_PROGRESS",
          deploymentCircuitBreaker: { status: "MONITORING", failureCount: 0, threshold: 3 },
        },
        { status: "STOPPED" },
      ],
    });
  });
});
