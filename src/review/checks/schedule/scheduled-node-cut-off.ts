import { packets } from "../../cluster/connections/connection";
import type { ScheduledTask } from "../../cluster/tasks/scheduled-tasks";
import type { Service } from "../../cluster/services";
import { vpcOf } from "../../cluster/tasks/endpoints";
import type { Check, Subject } from "../check";

export const scheduledNodeCutOff: Check = {
  id: "scheduled-node-cut-off",
  title: "A scheduled task starts a node that can't join the cluster",
  severity: "warning",
  rationale:
    "Its node has distribution and looks for the service's peers, but no packet passes. It runs alone: calls to other nodes fail, global names and Phoenix.PubSub messages reach no other node, and each attempt to connect takes seconds.",
  remediation:
    "Give the schedule the security groups of the service. If the task needs no cluster, set RELEASE_DISTRIBUTION=none in its overrides, or run the command with eval and without EVAL_DISTRIBUTION.",
  limitations:
    "The check knows commands of releases only, and tasks whose task definition a service of this plan runs. It reports nothing if the overrides or the groups aren't known before apply.",
  sources: [
    "https://hexdocs.pm/mix/Mix.Tasks.Release.html",
    "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_AwsVpcConfiguration.html",
  ],
  *find(subject) {
    for (const task of subject.scheduled) {
      const { service, joins } = task;
      if (!service || joins === undefined) continue;
      const blocked = peersOf(service, subject).filter((peer) => isBlocked(task, service, peer, subject));
      if (blocked.length > 0)
        yield {
          address: task.resource.address,
          message: `${task.name} joins the cluster (${joins}), but its security groups don't let it connect to ${blocked.map(({ name }) => name).join(", ")}`,
        };
    }
  },
};

/** The services that its own nodes connect to, itself included. */
function peersOf(service: Service, { services, matrix }: Subject): readonly Service[] {
  return services.filter((peer) => matrix.pair(service, peer).state === "connects");
}

function isBlocked({ endpoint }: ScheduledTask, service: Service, peer: Service, subject: Subject): boolean {
  const vpc = vpcOf(endpoint.groups, subject.resources);
  return packets({ ...service, endpoint, vpc }, peer, subject.firewall).pass === "no";
}
