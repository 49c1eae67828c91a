import { matchesAction } from "../../../aws/iam";
import { permissionsOf, roleOf } from "../../iam/policies";
import { flag, isAbsent, isUnknown } from "../../read/value";
import type { Check } from "../check";

const needed = [
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];

export const execPermissions: Check = {
  id: "exec-permissions",
  title: "ECS Exec is on, and the task role lacks its four permissions",
  severity: "error",
  rationale:
    "aws ecs execute-command fails with TargetNotConnected, and you usually notice when you most need a remote shell. ecs:ExecuteCommand belongs to the person who connects, not to the task.",
  remediation: `Allow ${needed.join(", ")} on the task role, with resource "*".`,
  limitations:
    "The check reports nothing for a role outside this plan, or if a policy isn't known before apply. A new role without any policy gets a warning, not an error: a dynamic inline_policy block may give it one, and a plan doesn't record dynamic blocks.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions",
  ],
  *find({ services, resources }) {
    for (const { name, resource, taskDefinition } of services) {
      if (flag(resource.values.enable_execute_command) !== true || !taskDefinition) continue;
      const arn = taskDefinition.values.task_role_arn;
      if (isAbsent(arn))
        yield { address: taskDefinition.address, message: `${name} has ECS Exec on, and its task has no task role` };
      const role = isUnknown(arn) ? undefined : roleOf(arn, resources);
      if (!role) continue;
      const { statements, open, managed, unrecorded } = permissionsOf(role, resources);
      if (open || managed.length > 0) continue;
      const missing = needed.filter(
        (action) => !statements.some(({ actions }) => actions.some((pattern) => matchesAction(action, pattern))),
      );
      if (missing.length > 0)
        yield {
          address: role.address,
          ...(unrecorded && { severity: "warning" as const }),
          message: `${name} has ECS Exec on, and its task role may not ${missing.join(", ")}${unrecorded ? ", unless a dynamic inline_policy block allows it, which a plan doesn't record" : ""}`,
        };
    }
  },
};
