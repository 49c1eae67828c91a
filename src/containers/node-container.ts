/** The attributes that identify the container of the Erlang node in a task. */
export interface ContainerTraits {
  readonly name: string;
  readonly image: string | undefined;
  readonly essential: boolean;
  /** Entry point and command; empty if both are the image's own. */
  readonly command: readonly string[];
  /** Names of its variables, including its secrets. */
  readonly variables: readonly string[];
  /** Names of the containers that must end before this one starts. */
  readonly startsAfterEndOf: readonly string[];
}

/** The name of the container that `beforeStart` adds to a service's tasks, also the prefix of its log streams. */
export const initContainerName = (service: string): string => `${service}-before-start`;

/** The name of the log router (FireLens) in a service's tasks, also the prefix of its log streams. */
export const logRouterName = (service: string): string => `${service}-log-router`;

const signs =
  /^(RELEASE_(NAME|NODE|COOKIE|DISTRIBUTION|MODE)|CLUSTER_(NODES|DISCOVERY)|DISTRIBUTION_(MODE|PORT)|DNS_CLUSTER_QUERY$|ERL_([AZ]?FLAGS|EPMD)|ELIXIR_ERL_OPTIONS$|PHX_(SERVER|HOST)$)/;

/** Repositories of well-known servers and agents, which aren't Elixir releases. */
const others =
  /(^|\/)(postgres(ql)?|mysql|mariadb|mongo(db)?|redis|valkey|memcached|nginx|httpd|caddy|haproxy|traefik|envoy|minio|elasticsearch|opensearch|grafana|prometheus|pgbouncer|datadog\/agent|aws-for-fluent-bit|fluent-bit|fluentd|aws-otel-collector|opentelemetry-collector(-contrib)?|aws-xray-daemon|cloudwatch-agent|aws-appmesh-envoy|vault)$/;

/** Whether a container looks like an Elixir release. */
export function looksLikeNode({ variables }: Pick<ContainerTraits, "variables">): boolean {
  return variables.some((name) => signs.test(name));
}

/** Whether a container runs a well-known server or agent, and has no variables of a release. */
export function isKnownOther(container: Pick<ContainerTraits, "image" | "variables">): boolean {
  const repository = container.image?.replace(/@.*$/, "").replace(/:[^:/]*$/, "") ?? "";
  return !looksLikeNode(container) && others.test(repository);
}

/**
 * The container of a task in which the node runs. Of those that look like a release: not one that ends before another starts
 * (a migration has the release's image and secrets too), preferably an essential one, then the one with most of the variables.
 */
export function nodeAmong<Container>(
  containers: readonly Container[],
  traits: (container: Container) => ContainerTraits,
): Container | undefined {
  const all = containers.map((container) => ({ container, ...traits(container) }));
  const prefer = (some: typeof all, is: (one: (typeof all)[number]) => boolean) =>
    some.some(is) ? some.filter(is) : some;
  const alike = prefer(
    prefer(all, (one) => looksLikeNode(one)),
    (one) => !isKnownOther(one),
  );
  const lasting = prefer(alike, (one) => !endsEarly(one, all));
  const essential = prefer(lasting, (one) => one.essential);
  const shown = ({ variables }: ContainerTraits) => variables.filter((name) => signs.test(name)).length;
  const most = Math.max(...essential.map(shown));
  return essential.find((one) => shown(one) === most)?.container;
}

function endsEarly({ name, essential, command }: ContainerTraits, all: readonly ContainerTraits[]): boolean {
  if (all.some(({ startsAfterEndOf }) => startsAfterEndOf.includes(name))) return true;
  return !essential && /(^|[\s/])(eval|rpc|migrate)(\s|$)/.test(command.join(" "));
}
