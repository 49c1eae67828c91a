import { text } from "../../read/value";
import type { Check } from "../check";

export const scheduleRevision: Check = {
  id: "schedule-revision",
  title: "A schedule runs one revision of its task definition",
  severity: "note",
  rationale:
    "Deployments register new revisions, but the schedule keeps running the code, variables and secrets of the old one. It stops working when that revision is deregistered.",
  remediation:
    "Name the task definition without a revision: its arn_without_revision, or arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY. Each run then takes the newest active revision.",
  limitations:
    "The check doesn't report a revision of this plan's own task definition, because each apply updates the schedule. If something else deploys the service, such as a pipeline, that schedule runs old code too.",
  sources: [
    "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EcsParameters.html",
    "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EcsParameters.html",
  ],
  *find({ scheduled, resources }) {
    for (const { name, resource, target } of scheduled) {
      const revision = /([^/:]+):(\d+)$/.exec(text(target) ?? "");
      if (!revision || resources.named(target, "aws_ecs_task_definition")) continue;
      yield {
        address: resource.address,
        message: `${name} runs revision ${revision[2]} of ${revision[1]}, whatever is deployed later`,
      };
    }
  },
};
