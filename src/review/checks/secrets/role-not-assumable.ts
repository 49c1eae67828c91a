import { roleOf } from "../../iam/policies";
import { placeOfTasks, tasksMayAssume } from "../../iam/trust";
import type { Place } from "../../read/provider";
import { runningDefinitions, type Check } from "../check";

export const roleNotAssumable: Check = {
  id: "role-not-assumable",
  title: "ECS can't assume a role of its tasks",
  severity: "error",
  rationale:
    'No task starts with a role that ECS can\'t assume: it fails with "ECS was unable to assume the role". A condition on aws:SourceAccount or aws:SourceArn with another account or Region, or with wildcards under StringEquals, is never true.',
  remediation:
    "In the role's trust policy, allow sts:AssumeRole to the service ecs-tasks.amazonaws.com. If you set conditions, set aws:SourceAccount to the account of the tasks, and aws:SourceArn with ArnLike to arn:aws:ecs:REGION:ACCOUNT:*.",
  limitations:
    "The check reports nothing for a role outside this plan, or if the trust policy isn't known before apply. It compares the account and the Region only if the plan shows those of the tasks. It ignores other condition keys, and statements that deny.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cross-service-confused-deputy-prevention.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
  ],
  *find(subject) {
    const { resources } = subject;
    const seen = new Set<string>();
    for (const { service, definition } of runningDefinitions(subject))
      for (const arn of [definition.values.execution_role_arn, definition.values.task_role_arn]) {
        const role = roleOf(arn, resources);
        if (!role || seen.has(role.address)) continue;
        const place = placeOfTasks(definition, role, subject.place, resources);
        if (tasksMayAssume(role, place, resources) !== false) continue;
        seen.add(role.address);
        yield {
          address: role.address,
          message: `the trust policy of ${role.address} doesn't allow ECS to assume it for ${service.name}'s tasks${located(place)}: they never start`,
        };
      }
  },
};

function located({ region, account }: Place): string {
  const parts = [...(account === undefined ? [] : [`account ${account}`]), ...(region === undefined ? [] : [region])];
  return parts.length > 0 ? ` (${parts.join(", ")})` : "";
}
