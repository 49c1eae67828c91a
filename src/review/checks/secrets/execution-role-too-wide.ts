import { parseManagedSecret } from "../../../aws/arn";
import { parameterKey } from "../../../aws/parameter-names";
import { managedName, permissionsOf, roleOf } from "../../iam/policies";
import type { Service } from "../../cluster/services";
import type { Check, Subject } from "../check";

const reads = /^(\*|ssm:(\*|get.*)|secretsmanager:(\*|get.*))$/i;

/** AWS's own policies that read any parameter or any secret. */
const managedReads =
  /^(AdministratorAccess|PowerUserAccess|ReadOnlyAccess|AmazonSSM(Full|ReadOnly)Access|AmazonSSMManagedInstanceCore|SecretsManagerReadWrite)$/;

export const executionRoleTooWide: Check = {
  id: "execution-role-too-wide",
  title: "The execution role may read more secrets than it injects",
  severity: "warning",
  rationale: "Every task definition that names this role can inject any of these secrets into its containers.",
  remediation: "Allow ssm:GetParameters (secretsmanager:GetSecretValue) only on the ARNs of the injected secrets.",
  limitations: "The check reports nothing if policies or container definitions aren't known before apply.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html"],
  *find(subject) {
    const said = new Set<string>();
    for (const service of subject.services) {
      const role = roleOf(service.taskDefinition?.values.execution_role_arn, subject.resources);
      const injected = injectedBy(service, role?.address, subject);
      if (!role || !injected) continue;
      const { statements, managed } = permissionsOf(role, subject.resources);
      const wideName = managed.map(managedName).find((name) => managedReads.test(name));
      if (wideName !== undefined && !said.has(role.address)) {
        said.add(role.address);
        yield { address: role.address, message: `${role.address} may read any secret through AWS's ${wideName}` };
      }
      for (const { actions, resources, address } of statements) {
        if (!actions.some((action) => reads.test(action))) continue;
        const wide = resources.filter((resource) => !injected.has(secretKey(resource)));
        if (wide.length === 0 || said.has(address)) continue;
        said.add(address);
        yield { address, message: `${role.address} may read ${wide.join(", ")}, which ${service.name} doesn't inject` };
      }
    }
  },
};

/** What all services with the same execution role inject; `undefined` where one of them isn't known. */
function injectedBy(
  { taskDefinition }: Service,
  role: string | undefined,
  { services, resources }: Subject,
): Set<string> | undefined {
  if (!taskDefinition || role === undefined) return undefined;
  const sharing = services.filter(
    (service) => roleOf(service.taskDefinition?.values.execution_role_arn, resources)?.address === role,
  );
  const injected = new Set<string>();
  for (const { containers } of sharing) {
    if (!("known" in containers)) return undefined;
    for (const { secrets } of containers.known) for (const from of secrets.values()) injected.add(secretKey(from));
  }
  return injected;
}

/** One form for a parameter's ARN and its name, and for a secret's ARN with and without a JSON key. */
function secretKey(from: string): string {
  return parseManagedSecret(from)?.arn ?? parameterKey(from);
}
