import type { Statement } from "../../iam/documents";
import { managedName, permissionsOf, roleOf } from "../../iam/policies";
import type { Resource } from "../../read/resources";
import type { Check, Subject } from "../check";

/** Actions that IAM can't narrow to a resource, so "*" is right. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
const withoutResource =
  /^(ecr:GetAuthorizationToken|ssmmessages:\w+|cloudwatch:PutMetricData|xray:Put\w+|sts:GetCallerIdentity|servicediscovery:Discover\w+|[\w-]+:(Describe|List)\w*\*?)$/i;

/** AWS's own policies with a wildcard for actions and for resources. */
const managedWildcard = /^(AdministratorAccess|PowerUserAccess|.*FullAccess)$/;

export const iamWildcard: Check = {
  id: "iam-wildcard",
  title: "A task's role allows any action or any resource",
  severity: "warning",
  rationale: "Code that runs in the task, and anyone who opens its remote shell, can use all of these permissions.",
  remediation:
    'Name the actions and the ARNs. "*" is right only for actions without resources, such as ecr:GetAuthorizationToken and ssmmessages.',
  limitations: "The check looks at the roles of services with nodes, if their policies are known before apply.",
  related: [
    "checkov CKV_AWS_63, CKV_AWS_49 (actions)",
    "checkov CKV_AWS_355, CKV_AWS_356 (resources)",
    "checkov CKV_AWS_274 (AdministratorAccess)",
    "trivy AWS-0057",
  ],
  sources: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege"],
  *find(subject) {
    for (const role of roles(subject)) {
      const { statements, managed } = permissionsOf(role, subject.resources);
      for (const name of managed.map(managedName).filter((name) => managedWildcard.test(name)))
        yield { address: role.address, message: `${role.address} has AWS's ${name}, with its wildcards` };
      for (const statement of statements) {
        const actions = statement.actions.filter((action) => action === "*" || action.endsWith(":*"));
        if (actions.length > 0)
          yield { address: statement.address, message: `${role.address} allows ${actions.join(", ")}` };
        const anywhere = unbound(statement).filter((action) => !actions.includes(action));
        if (anywhere.length > 0)
          yield {
            address: statement.address,
            message: `${role.address} allows ${anywhere.join(", ")} on any resource`,
          };
      }
    }
  },
};

function unbound({ actions, resources, conditions }: Statement): readonly string[] {
  if (conditions?.length !== 0 || !resources.includes("*")) return [];
  return actions.filter((action) => !withoutResource.test(action));
}

function roles({ services, resources }: Subject): Set<Resource> {
  const arns = services.flatMap(({ taskDefinition }) => [
    taskDefinition?.values.task_role_arn,
    taskDefinition?.values.execution_role_arn,
  ]);
  return new Set(arns.flatMap((arn) => roleOf(arn, resources) ?? []));
}
