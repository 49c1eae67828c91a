import { maxSecurityGroups } from "../../aws/limits";
import { securityGroupName } from "../../aws/names";
import { dnsRecordLimit } from "../../distribution";
import { carrierFlags, holdsErlangFlags } from "../../containers/erlang-flags";
import { cookieVariable, reservedBecause, reservedSecretBecause, wrongValues } from "../../containers/variables";
import { brokenTimes, shutdownSeconds } from "../../web-times";
import { wrongContainers } from "../../containers/task-containers";
import type { ServiceSettings } from "./elixir-service-props";
import { routerOf } from "./containers/logs";
import { wrongCommands } from "./containers/init-container";
import { shiftingOf } from "../../deployment";
import { maximumPercentFor, maxTasks } from "../../aws/ecs/deployment-percent";
import { taskRange } from "../../aws/ecs/task-range";

/** Variables that must come from SSM: a task definition shows plain variables to everyone who may read it. */
const secretVariables = [cookieVariable, "SECRET_KEY_BASE"];

/** What the checks read of a service. */
interface CheckedService {
  readonly securityGroups: readonly { readonly name: string }[];
}

/** The errors of a service, as sentences that follow the construct's path. */
export function checkService(service: CheckedService, settings: ServiceSettings): string[] {
  return [
    ...tooManyForDnsPoll(settings),
    ...trafficShift(settings),
    ...execWithoutVolumes(settings),
    ...secretsInPlainText(settings),
    ...reservedVariables(settings),
    ...requestsWithoutRoute(settings),
    ...wrongCommands(settings.beforeStart),
    ...containers(settings),
    ...withoutCertificates(settings),
    ...reservedGroupName(settings),
    ...webTimes(settings),
    ...tooManyGroups(service),
  ];
}

function containers(settings: ServiceSettings): string[] {
  const task = { ...settings, routerMemory: routerOf(settings.logs)?.memory };
  return wrongContainers(settings.name, task, settings.distribution.distributionPorts).map(
    ({ path, found, allowed }) => `${path.join(".")}${found ? `: ${found}` : ""}; allowed: ${allowed}`,
  );
}

/** Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups */
function tooManyGroups({ securityGroups }: CheckedService): string[] {
  if (securityGroups.length <= maxSecurityGroups) return [];
  const names = securityGroups.map(({ name }) => name).join(", ");
  return [
    `its tasks are in ${securityGroups.length} security groups, AWS allows ${maxSecurityGroups}: ${names}. Remove some of extraSecurityGroups, or merge them`,
  ];
}

/** The others never disconnect a node that an answer leaves out. */
const keepingDiscoveries = 'Use the discovery "dns" or "dns_cluster"';

function tooManyForDnsPoll({ name, discovery, autoscaled, maximumPercent, ...settings }: ServiceSettings): string[] {
  if (discovery !== "dnspoll") return [];
  const { deployment } = settings;
  const { max: tasks } = taskRange(settings.tasks);
  if (autoscaled)
    return [
      `"${name}" is autoscaled, so it can exceed the ${dnsRecordLimit} records in one DNS answer; libcluster's DNSPoll then disconnects the rest. ` +
        keepingDiscoveries,
    ];
  const most = maxTasks(tasks, maximumPercent);
  if (most <= dnsRecordLimit) return [];
  return [
    `a deployment of "${name}" runs up to ${most} tasks (${tasks} at ${maximumPercent} %), and one DNS answer has ${dnsRecordLimit} records; ` +
      `libcluster's DNSPoll then disconnects the rest. ${keepingDiscoveries}` +
      (tasks >= dnsRecordLimit
        ? `, or fewer than ${dnsRecordLimit} tasks`
        : shiftingOf(deployment)
          ? ", or a rolling deployment: this strategy runs all new tasks next to all old ones"
          : `, or maximumPercent ${maximumPercentFor(tasks)}`),
  ];
}

/** Deployments that shift requests: what the construct `web` must bring, and the order in which ECS needs things. */
function trafficShift({ deployment, web }: ServiceSettings): string[] {
  if (!shiftingOf(deployment))
    return web?.trafficShift ? [`its web shifts requests, and its deployment is rolling: ${both}`] : [];
  if (web?.trafficShift) return [];
  return [`its deployment shifts requests, and ${web ? "its web doesn't" : "it has no web"}: ${both}`];
}
const both = "give the WebRoute the same `deployment` as the service";

/** Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html (ResourceLabel) */
function requestsWithoutRoute({ tasks, web, deployment }: ServiceSettings): string[] {
  if (typeof tasks === "number" || tasks.requestsPerTask === undefined) return [];
  if (shiftingOf(deployment))
    return [
      "requestsPerTask counts the requests of one target group, and its deployment moves them between two: use cpuPercent, or a rolling deployment",
    ];
  if (web?.metrics?.[0]) return [];
  return [
    web
      ? "requestsPerTask needs the names of load balancer and target group: set web.metrics, such as to those of targetGroupMetrics, or use cpuPercent"
      : "requestsPerTask counts the requests of a load balancer: set web, or use cpuPercent",
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
      return `${name} is in the plain environment, readable in task definition, plan and state: store it in an SSM SecureString and name that in ${instead}`;
    });
}

/** Variables that the layout decides, and values that keep nodes from connecting. */
function reservedVariables({ environment, secrets, distribution }: ServiceSettings): string[] {
  const reserved = (where: string, name: string, because: string | undefined) =>
    because === undefined ? [] : [`${where}.${name} must not be set: ${because}`];
  return [
    ...Object.keys(environment).flatMap((name) => reserved("environment", name, reservedBecause(name))),
    ...Object.entries(environment).flatMap(([name, value]) =>
      wrongValues(name, value).map(({ found, allowed }) => `environment.${name} has ${found}; allowed: ${allowed}`),
    ),
    ...(distribution.mode === "tls" ? carriedOtherwise(environment) : []),
    ...Object.keys(secrets).flatMap((name) => reserved("secrets", name, reservedSecretBecause(name))),
  ];
}

/** The VM takes the first of two carriers, and each file of options counts: env.sh's would have no effect. */
function carriedOtherwise(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    (holdsErlangFlags(name) ? carrierFlags(value) : []).map(
      (flag) => `environment.${name} has the flag ${flag}; allowed: other flags: the option distribution sets it`,
    ),
  );
}

/** Over TLS a node without a certificate connects to nobody. */
function withoutCertificates({ distribution }: ServiceSettings): string[] {
  if (distribution.mode !== "tls" || Object.keys(distribution.secrets).length > 0) return [];
  return ["its distribution is tls without certificates: give ErlangDistribution.tls the secret that contains them"];
}

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
function reservedGroupName({ fullName }: ServiceSettings): string[] {
  const name = securityGroupName(fullName);
  if (!name.startsWith("sg-")) return [];
  return [
    `its security group would get the name "${name}", and AWS rejects group names that begin with "sg-": change what its name begins with`,
  ];
}

/** The times of a deployment behind a load balancer, which must fit together. */
function webTimes({ web, environment, stopTimeoutSeconds, healthCheck }: ServiceSettings): string[] {
  if (!web) return [];
  const broken = brokenTimes({
    ...web.times,
    shutdown: shutdownSeconds(stopTimeoutSeconds),
    stopTimeout: stopTimeoutSeconds,
    gracePeriod: web.healthCheckGracePeriodSeconds,
    startPeriod: healthCheck ? healthCheck.startPeriodSeconds : undefined,
  }).map(({ found, fix }) => `${found}: ${fix}`);
  if (web.times?.drainer === undefined || !("DRAIN_SECONDS" in environment)) return broken;
  return ["environment.DRAIN_SECONDS must not be set: the option web.drainerSeconds sets it", ...broken];
}
