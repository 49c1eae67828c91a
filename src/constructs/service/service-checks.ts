import { maxSecurityGroups } from "../../aws/limits";
import { securityGroupName } from "../../aws/names";
import { dnsRecordLimit } from "../../distribution";
import { cookieVariable, reservedBecause, reservedSecretBecause, wrongValues } from "../../container-variables";
import type { ElixirService } from "./elixir-service";
import type { ServiceSettings } from "./elixir-service-props";
import { maximumPercentFor, maxTasks } from "../../aws/deployment-percent";

/** Variables that must come from SSM: whoever may read a task definition would read them otherwise. */
const secretVariables = [cookieVariable, "SECRET_KEY_BASE"];

/** What is wrong with a service, as sentences; the construct's path is put in front by whoever shows them. */
export function checkService(service: ElixirService, settings: ServiceSettings): string[] {
  const securityGroups = service.securityGroupIds.length;
  return [
    ...tooManyForStockDnsPoll(settings),
    ...execWithoutVolumes(settings),
    ...secretsInPlainText(settings),
    ...reservedVariables(service, settings),
    ...reservedGroupName(settings),
    ...(securityGroups > maxSecurityGroups
      ? [
          `its tasks are in ${securityGroups} security groups, AWS allows ${maxSecurityGroups}: put rules of several into one`,
        ]
      : []),
  ];
}

function tooManyForStockDnsPoll({ name, resolver, tasks, autoscaled, maximumPercent }: ServiceSettings): string[] {
  if (resolver !== "stock") return [];
  if (autoscaled)
    return [
      `something else sets the number of tasks of "${name}", which nothing then keeps within the ${dnsRecordLimit} that one DNS answer names: ` +
        `stock DNSPoll disconnects whoever is missing from it. Use the resolver "members"`,
    ];
  const most = maxTasks(tasks, maximumPercent);
  if (most <= dnsRecordLimit) return [];
  return [
    `${tasks} tasks at ${maximumPercent} % are up to ${most} while "${name}" is deployed, and one DNS answer names ${dnsRecordLimit}: ` +
      `stock DNSPoll disconnects whoever is missing from it. Use the resolver "members"` +
      (tasks < dnsRecordLimit
        ? `, or maximumPercent ${maximumPercentFor(tasks)}`
        : `, or fewer than ${dnsRecordLimit} tasks`),
  ];
}

function execWithoutVolumes({ executeCommand, readonlyRootFilesystem, writableVolumes }: ServiceSettings): string[] {
  if (!(executeCommand && readonlyRootFilesystem && !writableVolumes)) return [];
  return [
    "ECS Exec cannot start with a read-only root and no writable volumes: leave writableVolumes on, or set executeCommand to false",
  ];
}

function secretsInPlainText({ environment }: ServiceSettings): string[] {
  return secretVariables
    .filter((name) => name in environment)
    .map((name) => {
      const instead = name === cookieVariable ? "releaseCookie" : `secrets.${name}`;
      return `${name} stands in the plain environment, readable in task definition, plan and state: put it into an SSM SecureString and name that in ${instead}`;
    });
}

/** Variables that the layout decides, and values that keep nodes from connecting. */
function reservedVariables(service: ElixirService, { environment, secrets }: ServiceSettings): string[] {
  const reserved = (where: string, name: string, because: string | undefined) =>
    because === undefined ? [] : [`${where}.${name} must not be set: ${because}`];
  return [
    ...Object.keys(environment).flatMap((name) => reserved("environment", name, reservedBecause(name))),
    ...Object.entries(environment).flatMap(([name, value]) =>
      wrongValues(name, value, service.polledNames).map(
        ({ found, allowed }) => `environment.${name} has ${found}; allowed: ${allowed}`,
      ),
    ),
    ...Object.keys(secrets).flatMap((name) => reserved("secrets", name, reservedSecretBecause(name))),
  ];
}

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
function reservedGroupName({ fullName, namePrefix }: ServiceSettings): string[] {
  const name = securityGroupName(fullName);
  if (!name.startsWith("sg-")) return [];
  return [
    `its security group would be called "${name}", and AWS takes no group name that begins with "sg-": give the ${namePrefix ? "environment" : "service"} another name`,
  ];
}
