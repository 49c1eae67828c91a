import type { Environment, ServiceOptions } from "../../environment";
import type { ContainerImage } from "../image/container-image";
import type { DiscoveryNamespace } from "./discovery-namespace";
import type { EcsCluster } from "./ecs-cluster";
import type { ErlangDistribution, PortRange } from "./erlang-distribution";
import type { Network } from "../network/network";
import type { ReleaseSecret } from "./release-secret";
import type { PolicyStatement } from "./task-roles";

/** Properties of an `ElixirService`: where it runs, what it runs, and how its nodes cluster. */
export interface ElixirServiceProps {
  /** A DNS label: names the ECS service, its container, and its record in Cloud Map. */
  readonly name: string;
  /** Names of what was made elsewhere, so that it can be imported: AWS can't rename it. @default names made of `namePrefix` and `name` */
  readonly names?: ServiceOptions["names"];
  /** What AWS names that are unique beyond the cluster begin with, such as `prod-`. @default "" */
  readonly namePrefix?: string;
  /** AWS region, for the container's logs. */
  readonly region: string;
  readonly network: Network;
  readonly cluster: EcsCluster;
  readonly namespace: DiscoveryNamespace;
  readonly image: ContainerImage;
  /** The cookie that all nodes of the cluster share: the container's `RELEASE_COOKIE`. */
  readonly cookie: ReleaseSecret;
  /** Further secrets by the name of the variable that takes them. @default none */
  readonly secrets?: Readonly<Record<string, ReleaseSecret>>;
  /** Plain variables. A value is taken as it stands: `${` and `%{` are no templates. @default none */
  readonly environment?: Readonly<Record<string, string>>;

  /** Tasks that run, 0–1000. @default 1 */
  readonly tasks?: number;
  /** CPU units; 1024 are one vCPU. @default 512 */
  readonly cpu?: number;
  /** Memory in MiB, one of the sizes that go with `cpu`. @default 1024 */
  readonly memory?: number;
  /** @default "X86_64" */
  readonly architecture?: ServiceOptions["architecture"];
  /** The release's name in its image: the left side of node names. @default the service's name, hyphens as underscores */
  readonly releaseName?: string;
  /** TCP port of HTTP. @default 4000 */
  readonly httpPort?: number;
  /** The container's health check: `curl` of an HTTP path, or none. @default /health every 10 s, 3 retries, 30 s to start */
  readonly healthCheck?: ServiceOptions["healthCheck"];
  /** Seconds from SIGTERM to SIGKILL, 2–120. @default 30 */
  readonly stopTimeoutSeconds?: number;
  /** Whether ECS Exec is on. @default true */
  readonly executeCommand?: boolean;
  /** Whether the container's root is read-only. @default false */
  readonly readonlyRootFilesystem?: boolean;
  /** Whether a read-only root comes with the writable volumes that ECS Exec and a release need. @default true */
  readonly writableVolumes?: boolean;
  /** What the application itself may do in AWS. @default nothing */
  readonly taskRoleStatements?: readonly PolicyStatement[];
  /** Days that logs are kept. @default 30 */
  readonly logRetentionDays?: number;
  /** Load balancer that sends it HTTP. @default none */
  readonly loadBalancer?: ServiceOptions["loadBalancer"];
  /** Whether something else sets the number of tasks: a plan then leaves it alone. @default false */
  readonly autoscaled?: boolean;
  /** Most tasks during a deployment, in percent of `tasks`. @default 200, or as many as one DNS answer can hold */
  readonly maximumPercent?: number;

  /** Where its nodes listen. @default epmd with 9000–9010 */
  readonly distribution?: ErlangDistribution;
  /** What its tasks may open to the rest of the world. @default "guarded" */
  readonly egress?: Environment["egress"];
  /** Ports that `guarded` egress closes beside its own distribution ports: its peers'. @default none */
  readonly guardedPorts?: readonly PortRange[];
  /** Ids of further security groups for its tasks. @default none */
  readonly extraSecurityGroups?: readonly string[];
  /** Seconds that resolvers keep its DNS answers. @default 10 */
  readonly dnsTtlSeconds?: number;
  /** What the app does with a DNS answer: `members` keeps living nodes it leaves out, `stock` drops them. @default "members" */
  readonly resolver?: ServiceOptions["resolver"];
  /** Milliseconds between polls. @default 1000 */
  readonly pollingIntervalMs?: number;
  /** Erlang's net_ticktime in seconds: a silent loss is noticed after 0.75 to 1.25 times that. @default 15 */
  readonly netTicktimeSeconds?: number;
}
