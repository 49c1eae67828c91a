import { defaultReleaseName, nameFrom, ownNames, serviceTemplates, type ServiceTemplates } from "../../aws/names";
import { defined, logDefaults, serviceDefaults } from "../../aws/defaults";
import type { MetricsOf } from "../../monitoring/cluster-metrics";
import { defaultMaximumPercent } from "../../aws/ecs/deployment-percent";
import type { PortRange } from "../../aws/network/ports";
import { deploymentDefaults, type DeploymentOptions, shiftingOf, steadyStateMinutes } from "../../deployment";
import type { Discovery } from "../../discovery";
import type { Architecture, ContainerImage } from "../image/container-image";
import type { EgressGroup } from "../network/egress-group";
import type { Egress } from "../network/security-rules";
import type { Network } from "../network/network";
import type { DiscoveryNamespace } from "./discovery-namespace";
import type { EcsCluster } from "./ecs-cluster";
import type { Dependencies, RestartPolicy } from "./containers/container-parts";
import type { Logs, LogSettings } from "./containers/logs";
import type { Sidecar } from "./containers/sidecar";
import type { Volume } from "./containers/volumes";
import { ErlangDistribution } from "./erlang-distribution";
import type { WebTarget } from "../web/web-target";
import type { EnvironmentFile } from "./secrets/environment-file";
import type { ReleaseSecret } from "./secrets/release-secret";
import type { PolicyStatement } from "./policy-statement";
import type { ScheduledTask } from "./scheduled-tasks";
import type { Capacity } from "./capacity";
import type { ScaledTasks } from "./service-scaling";
import { taskRange } from "../../aws/ecs/task-range";

/**
 * Names of a service's own resources. AWS can't rename them, so a resource that you import keeps its name.
 * @default the service's name for the ECS service; for the others {@link ownNames}
 */
export type ServiceNames = { readonly [Resource in keyof ReturnType<typeof ownNames>]?: string | undefined };

/** The container's health check: `curl` of an HTTP path. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
export interface HealthCheck {
  /** Path that `curl` requests inside the container. @default "/health" */
  readonly path?: string;
  /** Seconds between checks, 5–300. @default 10 */
  readonly intervalSeconds?: number;
  /** Seconds until a check counts as failed, 2–60, below the interval. @default 5 */
  readonly timeoutSeconds?: number;
  /** Failed checks that make a task unhealthy, 1–10. @default 3 */
  readonly retries?: number;
  /** Seconds after the start in which failed checks don't count, 0–300. @default 30 */
  readonly startPeriodSeconds?: number;
}

/** Properties of an `ElixirService`: where it runs, what it runs, and how its nodes cluster. */
export interface ElixirServiceProps {
  /** A DNS label: names the ECS service, its container, and its record in Cloud Map. */
  readonly name: string;
  /** Names of resources that you import. @default names by `nameTemplates` */
  readonly names?: ServiceNames | undefined;
  /** Templates of names that are unique in the account or region, such as `prod-{service}`. @default "{service}" */
  readonly nameTemplates?: ServiceTemplates | undefined;
  /** AWS region, for the container's logs. */
  readonly region: string;
  /** The VPC and the subnets that its tasks run in. */
  readonly network: Network;
  /** The ECS cluster that its tasks run in. */
  readonly cluster: EcsCluster;
  /** The Cloud Map namespace in which its nodes find peers. */
  readonly namespace: DiscoveryNamespace;
  /** The image of its tasks, with the release. */
  readonly image: ContainerImage;
  /** The cookie that all nodes of the cluster share: the container's `RELEASE_COOKIE`. */
  readonly cookie: ReleaseSecret;
  /** Further secrets by the name of the variable that takes them. @default none */
  readonly secrets?: Readonly<Record<string, ReleaseSecret>>;
  /** Files in S3 with further variables; any other source of a variable overrides them. @default none */
  readonly environmentFiles?: readonly EnvironmentFile[];
  /** Plain variables. Terraform takes values literally, also with `${` and `%{`. @default none */
  readonly environment?: Readonly<Record<string, string>>;

  /**
   * What must succeed in each task before its node starts: a command of the release, or a program's path and its arguments.
   * The node never starts after a failure. @default nothing
   */
  readonly beforeStart?: readonly string[] | undefined;

  /** Tasks that run a command at certain times, by name. @default none */
  readonly schedule?: Readonly<Record<string, ScheduledTask>>;

  /** Credentials of a private registry, in Secrets Manager. @default none */
  readonly registryCredentials?: ReleaseSecret | undefined;
  /** Replaces the entry point of the node's image. @default the image's */
  readonly entryPoint?: readonly string[] | undefined;
  /** Replaces the command of the node's image. It must start the release, and get SIGTERM. @default the image's */
  readonly command?: readonly string[] | undefined;
  /** Containers next to the node in each task, by name. @default none */
  readonly sidecars?: Readonly<Record<string, Sidecar>>;
  /** Sidecars that the node and `beforeStart` wait for. @default none */
  readonly dependsOn?: Dependencies;
  /** Folders that containers share, by name. @default none */
  readonly volumes?: Readonly<Record<string, Volume>>;
  /** GiB of disk of a task, 21–200. @default 20 */
  readonly ephemeralStorageGiB?: number | undefined;
  /** Files and sockets that the node may have open at once. @default 65536 */
  readonly ulimits?: { readonly nofile: number };
  /** When ECS starts the node's container again in the same task. @default never: it replaces the task */
  readonly restartPolicy?: RestartPolicy | undefined;

  /** Tasks that run, 0–1000, or between how many of them autoscaling scales. @default 1 */
  readonly tasks?: number | ScaledTasks;
  /** On what its tasks run. The ECS cluster must have the capacity providers. @default Fargate alone */
  readonly capacity?: Capacity | undefined;
  /** CPU units; 1024 are one vCPU. @default 512 */
  readonly cpu?: number;
  /** Memory in MiB, one of the sizes that go with `cpu`. @default 1024 */
  readonly memory?: number;
  /** @default "X86_64" */
  readonly architecture?: Architecture;
  /** The release's name in its image: the left side of node names. @default the service's name, hyphens as underscores */
  readonly releaseName?: string | undefined;
  /** TCP port of HTTP. @default 4000 */
  readonly httpPort?: number;
  /** The container's health check, or `false` for none. @default all defaults of {@link HealthCheck} */
  readonly healthCheck?: HealthCheck | false;
  /** Seconds from SIGTERM to SIGKILL, 2–120; the release ends its applications 5 s before. @default 40 */
  readonly stopTimeoutSeconds?: number;
  /** Whether ECS Exec is on. @default true */
  readonly executeCommand?: boolean;
  /** Whether the container's root is read-only. @default false */
  readonly readonlyRootFilesystem?: boolean;
  /** Whether a read-only root comes with the writable volumes that ECS Exec and a release need. @default true */
  readonly writableVolumes?: boolean;
  /** What the application itself may do in AWS. @default nothing */
  readonly taskRoleStatements?: readonly PolicyStatement[];
  /** Whether a task may protect itself from scale-in and deployments, through the ECS agent's endpoint. @default false */
  readonly taskProtection?: boolean;
  /** Where the output of its containers goes. @default the service's log group, non-blocking, kept for 30 days */
  readonly logs?: Logs;
  /** Where it gets HTTP from: a {@link WebRoute}, or a target group that another project owns. @default nowhere */
  readonly web?: WebTarget | undefined;
  /** Whether something outside of this stack sets the number of tasks, so that a plan ignores it. @default false */
  readonly autoscaled?: boolean;
  /** How its tasks are replaced, and which alarms roll a deployment back. @default rolling, no alarms */
  readonly deployment?: DeploymentOptions | undefined;
  /**
   * Whether `apply` ends when a deployment has ended, and fails where ECS rolls it back; `minutes` until it gives up.
   * @default true, for 20 minutes and the time in which requests shift
   */
  readonly waitForSteadyState?: boolean | { readonly minutes: number } | undefined;

  /** Where its nodes listen. @default epmd with 9000–9010 */
  readonly distribution?: ErlangDistribution;
  /** What its tasks may connect to outside: rules in the service's own group, or a group for several services. @default "guarded" */
  readonly egress?: Egress | EgressGroup | undefined;
  /** Ports of its peers that `guarded` egress closes in addition to its own distribution ports. @default none */
  readonly guardedPorts?: readonly PortRange[];
  /** Ids of further security groups for its tasks. @default none */
  readonly extraSecurityGroups?: readonly string[];
  /** Seconds that resolvers keep its DNS answers. @default 10 */
  readonly dnsTtlSeconds?: number;
  /** How its nodes find each other; `dnspoll` disconnects nodes that are missing from a DNS answer. @default "dns" */
  readonly discovery?: Discovery;
  /** Milliseconds between polls, with `dns` and `dnspoll`. @default 1000 */
  readonly pollingIntervalMs?: number;
  /** Makes its nodes report metrics, and names their dimensions. @default nodes report none */
  readonly metrics?: MetricsOf | undefined;
  /** Erlang's net_ticktime in seconds: a node notices a silent peer after 0.75 to 1.25 times that. @default 15 */
  readonly netTicktimeSeconds?: number;
}

/** `props` with every default filled in. */
export function settingsOf(props: ElixirServiceProps) {
  const { name, healthCheck, deployment = {}, waitForSteadyState: wait = true } = props;
  const nameTemplates = serviceTemplates(props.nameTemplates);
  return {
    ...serviceDefaults,
    fullName: nameFrom(nameTemplates.resources, name),
    environment: {},
    secrets: {},
    environmentFiles: [],
    taskRoleStatements: [],
    extraSecurityGroups: [],
    guardedPorts: [],
    writableVolumes: true,
    distribution: ErlangDistribution.epmd(),
    releaseName: defaultReleaseName(name),
    beforeStart: undefined,
    schedule: {},
    capacity: undefined,
    registryCredentials: undefined,
    entryPoint: undefined,
    command: undefined,
    sidecars: {},
    dependsOn: {},
    volumes: {},
    ephemeralStorageGiB: undefined,
    restartPolicy: undefined,
    ...defined(props),
    logs: { ...logDefaults, ...defined(props.logs ?? {}) } as LogSettings,
    deployment,
    ...percentagesOf(props),
    /** Minutes that Terraform waits for a deployment's end; `undefined` where it doesn't. */
    steadyStateMinutes: wait === false ? undefined : wait === true ? steadyStateMinutes(deployment) : wait.minutes,
    nameTemplates,
    names: { ...ownNames(nameTemplates, name), ...defined(props.names ?? {}) },
    healthCheck: healthCheck !== false && { ...serviceDefaults.healthCheck, ...defined(healthCheck ?? {}) },
  };
}

/** Tasks during a deployment, in percent. All new tasks of a strategy that shifts requests run next to all old ones. */
function percentagesOf({ discovery, tasks = serviceDefaults.tasks, deployment = {} }: ElixirServiceProps) {
  const { strategy = { rolling: {} } } = deployment;
  const rolling = "rolling" in strategy ? strategy.rolling : {};
  const polls = discovery === "dnspoll" && !shiftingOf(deployment);
  return {
    maximumPercent: rolling.maximumPercent ?? defaultMaximumPercent(taskRange(tasks).max, polls),
    healthyPercent: rolling.healthyPercent ?? deploymentDefaults.healthyPercent,
  };
}

/** An `ElixirService`'s properties with every default filled in. */
export type ServiceSettings = ReturnType<typeof settingsOf>;
