import { isAbsent, isReference } from "../../read/value";
import { runningDefinitions, type Check } from "../check";

export const oneRole: Check = {
  id: "one-role",
  title: "One role is both task role and execution role",
  severity: "warning",
  rationale: "The application can then do what ECS does before it starts: read every injected secret, and pull images.",
  remediation:
    "Give the task its own role, with what the application calls, and leave pulling, logs and secrets to the execution role.",
  related: ["checkov CKV_AWS_249"],
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html"],
  *find(subject) {
    for (const { definition } of runningDefinitions(subject)) {
      const { task_role_arn: task, execution_role_arn: execution } = definition.values;
      const same =
        isReference(task) && isReference(execution)
          ? task.address === execution.address
          : !isAbsent(task) && typeof task === "string" && task === execution;
      if (same)
        yield {
          address: definition.address,
          message: `task_role_arn and execution_role_arn are both ${isReference(task) ? task.address : String(task)}`,
        };
    }
  },
};
