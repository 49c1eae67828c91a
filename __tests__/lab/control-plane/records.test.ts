import type { AppliedService } from "../../../src/lab/control-plane/applied/services";
import { serviceRecord } from "../../../src/lab/control-plane/records";
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
  subnetIds: ["subnet-1"],
  securityGroupIds: [],
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
