import { showPorts } from "../aws/network/ports";
import { epmdPort } from "../distribution";
import { suppress, type Suppressed, type Suppression } from "./baseline";
import { changesOf, type Changes } from "./changes";
import type { Subject } from "./checks/check";
import { usualAssumptions, type Assumptions, type Setting, type Fallbacks } from "./cluster/node/distribution";
import { buildMatrix, type Matrix } from "./cluster/connections/matrix";
import { describeSchedules, findScheduledTasks } from "./cluster/tasks/scheduled-tasks";
import { findServices, type LeftOut, type Service } from "./cluster/services";
import { clusterStability, type ClusterStability } from "./cluster/cluster-stability";
import { findAll, type Finding } from "./findings";
import type { Comparison } from "./comparison";
import { Firewall } from "./network/firewall";
import { recognize, type Input } from "./read/input";
import { readStack, type Stack } from "./read/stack";
import type { SynthesizedJson } from "./read/synthesized";
import { type ServerLink, serverLinks } from "./servers/servers";
import { type WebService, webServices } from "./web/web-services";
import { withinStack } from "./read/unusable";

export interface ReviewOptions {
  /** What the report calls the plan. @default "plan" */
  readonly name?: string;
  /** Values for what the plan does not set. @default `usualAssumptions` */
  readonly assumptions?: Partial<Assumptions>;
  /** Names or addresses of services that aren't nodes, whatever they look like. */
  readonly notNodes?: readonly string[];
  /** Accepted findings, with reasons. */
  readonly suppressions?: readonly Suppression[];
  /** Terraform JSON behind the plan: what {@link readStack} merges with it. */
  readonly synthesized?: SynthesizedJson;
}

/** All that the review has to say about one plan or one synthesized stack. */
export interface Review {
  readonly name: string;
  readonly kind: Stack["kind"];
  readonly terraformVersion?: string;
  readonly services: readonly Service[];
  /** ECS services that run no node. */
  readonly others: readonly LeftOut[];
  /** Names of `notNodes` that no service has. */
  readonly unmatched: readonly string[];
  readonly matrix: Matrix;
  readonly firewall: Firewall;
  readonly stability: readonly ClusterStability[];
  /** The databases and other servers that services connect to, and the rules that let them. */
  readonly servers: readonly ServerLink[];
  /** The services behind a load balancer, and how long a deployment of each takes. */
  readonly web: readonly WebService[];
  /** Absent for synthesized JSON, which knows no state. */
  readonly changes?: Changes;
  /** What differs from another plan, where one was given. */
  readonly comparison?: Comparison;
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Suppressed[];
  /** Suppressions that match nothing: they can go. */
  readonly unused: readonly Suppression[];
  /** The review's assumptions, in sentences. */
  readonly assumptions: readonly string[];
}

/**
 * Reviews the parsed JSON of `terraform show -json`. Throws `UserError` for JSON that isn't a plan.
 */
export function reviewPlan(planJson: unknown, options: ReviewOptions = {}): Review {
  return reviewInput(recognize(planJson, options.name ?? "plan"), options);
}

/** Reviews one input of `readInput`. Throws `UserError` for JSON that is nested too deeply. */
export function reviewInput(input: Input, options: ReviewOptions = {}): Review {
  return withinStack(input.name, () => reviewed(input, options));
}

function reviewed(input: Input, options: ReviewOptions): Review {
  const stack = readStack(options.synthesized ? { ...input, synthesized: options.synthesized } : input);
  const { kind, terraformVersion, resources } = stack;
  const fallbacks: Fallbacks = { usual: usualAssumptions, given: options.assumptions ?? {} };
  const { services, others, unmatched } = findServices(resources, {
    fallbacks,
    ...(options.notNodes && { notNodes: options.notNodes }),
  });
  const scheduled = findScheduledTasks(services, resources);
  const firewall = new Firewall(resources);
  const matrix = buildMatrix(services, firewall);
  const stability = clusterStability(services);
  const web = webServices(services, resources);
  const servers = serverLinks(services, resources, firewall);
  const subject: Subject = { ...stack, services, scheduled, firewall, matrix, stability, servers, web, fallbacks };
  const { counting, suppressed, unused } = suppress(findAll(subject), options.suppressions ?? []);
  return {
    name: options.name ?? input.name,
    kind,
    ...(terraformVersion !== undefined && { terraformVersion }),
    services,
    others,
    unmatched,
    matrix,
    firewall,
    stability,
    servers,
    web: web.filter(({ alternate }) => !alternate),
    ...(stack.changes && { changes: changesOf(stack.changes, stack.invocations) }),
    findings: counting,
    suppressed,
    unused,
    assumptions: [
      ...assumed(services, stack, fallbacks.usual),
      ...describeSchedules(scheduled),
      ...inferredPeers(firewall),
    ],
  };
}

/** The other ends of rules that a plan doesn't record, taken for the only group that they can be. */
function inferredPeers({ rules }: Firewall): readonly string[] {
  return rules.flatMap(({ address, direction, peer }) =>
    peer.kind === "group" && peer.inferred !== undefined
      ? [
          `${address}: its ${direction === "ingress" ? "source" : "destination"} read as ${peer.group}: ${peer.inferred}`,
        ]
      : [],
  );
}

/** What the user gave, for the services of which the plan doesn't say it. */
function givenSettings(services: readonly Service[]): readonly string[] {
  const options: readonly [string, (service: Service) => Setting<unknown>, (service: Service) => string][] = [
    ["--mode", ({ distribution }) => distribution.mode, ({ distribution }) => distribution.mode.value],
    ["--ports", ({ distribution }) => distribution.ports, ({ distribution }) => showPorts(distribution.ports.value)],
    ["--discovery", ({ distribution }) => distribution.discovery, ({ distribution }) => distribution.discovery.value],
    [
      "--net-ticktime",
      ({ distribution }) => distribution.netTicktime,
      ({ distribution }) => `${distribution.netTicktime.value} s`,
    ],
    [
      "--polling-interval",
      ({ distribution }) => distribution.pollingInterval,
      ({ distribution }) => `${distribution.pollingInterval.value} ms`,
    ],
  ];
  return options.flatMap(([option, setting, show]) => {
    const of = services.filter((service) => setting(service).given);
    if (of.length === 0) return [];
    const who = of.length === services.length ? "all services" : of.map(({ name }) => name).join(", ");
    return [`${who}: ${show(of[0]!)}, as ${option} says`];
  });
}

function assumed(
  services: readonly Service[],
  { indexed, leftOut }: Pick<Stack, "indexed" | "leftOut">,
  { mode, ports, discovery, netTicktime, pollingInterval }: Assumptions,
): string[] {
  const any = (is: (service: Service) => boolean) => {
    const names = services.filter(is).map(({ name }) => name);
    return names.length === 0 ? undefined : names.length === services.length ? "all services" : names.join(", ");
  };
  const said: string[] = [];
  const say = (who: string | undefined, what: string) => who !== undefined && said.push(`${who}: assumed ${what}`);
  say(
    any(({ distribution }) => distribution.mode.assumed || distribution.ports.assumed),
    mode === "epmd"
      ? `epmd ${epmdPort} + ${showPorts(ports)} (--ports, --mode)`
      : `single port ${ports.from} (--ports, --mode)`,
  );
  say(
    any(({ distribution }) => distribution.discovery.assumed),
    `discovery ${discovery} (--discovery)`,
  );
  say(
    any(({ distribution }) => distribution.netTicktime.assumed),
    `net_ticktime ${netTicktime} s (--net-ticktime)`,
  );
  say(
    any(({ distribution }) => distribution.pollingInterval.assumed),
    `polling every ${pollingInterval} ms (--polling-interval)`,
  );
  said.push(...givenSettings(services));
  for (const { name, notes } of services) said.push(...notes.map((note) => `${name}: ${note}`));
  if (indexed > 0)
    said.push(
      `${indexed} ${indexed === 1 ? "index" : "indexes"} by each.key, count.index or a variable ${indexed === 1 ? "is" : "are"} read as the instance of that key: a plan doesn't record index expressions`,
    );
  if (leftOut > 0)
    said.push(
      `${leftOut} ${leftOut === 1 ? "resource" : "resources"} of the state that the plan leaves out (-target, -exclude, -refresh-only) ${leftOut === 1 ? "stays as it is" : "stay as they are"}`,
    );
  return said;
}
