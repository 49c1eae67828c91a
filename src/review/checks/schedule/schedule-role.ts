import type { ScheduledTask } from "../../cluster/tasks/scheduled-tasks";
import { anything } from "../../iam/conditions";
import { missingForStart } from "../../iam/start-access";
import { mayAssume, placeOfTasks } from "../../iam/trust";
import type { Check, Subject } from "../check";

export const scheduleRole: Check = {
  id: "schedule-role",
  title: "EventBridge can't start a scheduled task with its role",
  severity: "error",
  rationale:
    "Nothing runs at the scheduled times, and no one notices: EventBridge retries for a while, then drops the event, or sends it to the dead-letter queue if there is one.",
  remediation:
    "In the role's trust policy, allow sts:AssumeRole to scheduler.amazonaws.com (events.amazonaws.com for a rule). Allow the role ecs:RunTask on arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:*, and iam:PassRole on the task definition's execution role and task role.",
  limitations:
    "The check reports nothing for a role outside this plan, or if policies aren't known before apply. It ignores statements that deny, boundaries, ecs:TagResource and the dead-letter queue's policy.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/tasks-scheduled-eventbridge-scheduler.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html",
    "https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html",
  ],
  *find(subject) {
    for (const task of subject.scheduled)
      for (const problem of problemsOf(task, subject))
        yield { address: task.resource.address, message: `${task.name}: ${problem}` };
  },
};

function* problemsOf(task: ScheduledTask, subject: Subject): Generator<string> {
  const { role, hasRole, taskDefinition: definition, target, cluster, principal } = task;
  const { resources } = subject;
  if (!hasRole) yield `it has no role_arn, and ${principal} needs a role to start tasks`;
  if (!role) return;
  const place = placeOfTasks(definition ?? task.resource, role, subject.place, resources);
  const { region = anything, account = anything } = place;
  const [service, of] = principal === "events.amazonaws.com" ? ["events", "rule"] : ["scheduler", "schedule-group"];
  const source = `${service}:${region}:${account}:${of}/${task.source ?? anything}`;
  if (mayAssume(role, { principal, source, place }, resources) === false)
    yield `the trust policy of ${role.address} doesn't let ${principal} assume it`;
  const missing = missingForStart(role, { definition, target, cluster, place }, resources);
  if (missing.length > 0) yield `${role.address} lacks ${missing.join(" and ")}`;
}
