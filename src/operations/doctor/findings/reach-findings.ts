import { epmdPort } from "../../../distribution";
import { advice } from "../../../advice";
import { sharedSecurityGroupName } from "../../../aws/names";
import { type PortRange, showPorts } from "../../../aws/ports";
import type { Aws } from "../../../aws/sdk/clients";
import type { DeployedEnvironment } from "../../deployed-environment";
import {
  closedPorts,
  type End,
  groupIdsNamed,
  groupsAttached,
  type GroupRule,
  rulesOf,
  vpcsOf,
} from "../../security-groups";
import { error, type Finding } from "./finding";
import { type Observation, variableOf } from "../observation";
import { type ActualGroups, ruleFindings } from "./rule-findings";

/** A service that others must reach, or an external peer. */
interface Reachable extends End {
  readonly name: string;
  /** The ports that its nodes listen on. */
  readonly ports: readonly PortRange[];
  /** Whether this environment contains its rules. */
  readonly isOurs: boolean;
}

const epmd = { from: epmdPort, to: epmdPort };

/**
 * The security groups of tasks, and whether their rules allow distribution between all services that cluster, in both
 * directions, because either side may connect.
 */
export async function reachFindings(
  aws: Aws,
  environment: DeployedEnvironment,
  observations: readonly Observation[],
): Promise<Finding[]> {
  const deployed = observations.filter(({ ecs }) => ecs);
  const vpcs = await vpcsOf(aws, [...new Set(deployed.flatMap(groupsOf))]);
  const names = [
    ...deployed.map(({ service }) => service.securityGroup),
    ...namedPeers(environment).values(),
    ...sharedGroup(environment),
  ];
  const named = await groupIdsNamed(aws, names, vpcs);
  const members = [...deployed.map(reachable), ...externalPeers(environment, named)];
  const ofInterfaces = await groupsAttached(
    aws,
    deployed.flatMap(({ tasks }) => tasks.flatMap(({ networkInterfaceId }) => networkInterfaceId ?? [])),
  );
  const actual = deployed.map((observation) => actualGroups(environment, observation, named, ofInterfaces));
  const rules = await rulesOf(aws, [
    ...new Set([...members, ...actual].flatMap(({ groups }) => groups).concat(actual.flatMap(({ own }) => own))),
  ]);
  return [
    ...deployed.flatMap((observation) => ownGroup(environment, observation, named)),
    ...missingPeers(environment, named),
    ...attached(environment, deployed, ofInterfaces),
    ...pairs(environment, members).flatMap(([from, to]) => closed(environment, rules, from, to)),
    ...ruleFindings(environment, actual, rules),
  ];
}

/** The groups that a service assigns to new tasks. */
const groupsOf = ({ ecs }: Observation): readonly string[] =>
  ecs?.networkConfiguration?.awsvpcConfiguration?.securityGroups ?? [];

function reachable(observation: Observation): Reachable {
  const { service, tasks } = observation;
  return {
    name: service.name,
    groups: groupsOf(observation),
    address: tasks.find(({ address }) => address)?.address ?? unassigned,
    ports: portsOf(observation),
    isOurs: true,
  };
}

/** Name of the group that all services share, if Terraform creates one. */
const sharedGroup = ({ name, options: { sharedSecurityGroup } }: DeployedEnvironment): string[] =>
  sharedSecurityGroup && "create" in sharedSecurityGroup ? [sharedSecurityGroupName(name)] : [];

function actualGroups(
  environment: DeployedEnvironment,
  observation: Observation,
  named: ReadonlyMap<string, string>,
  ofInterfaces: ReadonlyMap<string, readonly string[]>,
): ActualGroups {
  const { service, tasks } = observation;
  const ofTasks = tasks.flatMap(({ networkInterfaceId }) => ofInterfaces.get(networkInterfaceId ?? "") ?? []);
  return {
    name: service.name,
    groups: [...new Set([...groupsOf(observation), ...ofTasks])],
    own: [service.securityGroup, ...sharedGroup(environment)].flatMap((name) => named.get(name) ?? []),
    ports: portsOf(observation),
  };
}

/** An address for documentation, which only rules that are open to all admit. Source: RFC 5737 */
const unassigned = "192.0.2.1";

/** The ports that its nodes listen on, according to their containers' variables. */
function portsOf(observation: Observation): PortRange[] {
  const from = Number(variableOf(observation, "DISTRIBUTION_PORT_MIN"));
  const to = Number(variableOf(observation, "DISTRIBUTION_PORT_MAX"));
  if (!from || !to) return [];
  return variableOf(observation, "DISTRIBUTION_MODE") === "single-port" ? [{ from, to }] : [epmd, { from, to }];
}

/** Names of the groups of external peers, if the environment has names instead of ids. */
const namedPeers = ({ options }: DeployedEnvironment): Map<string, string> =>
  new Map(
    Object.entries(options.peers).flatMap(([peer, { securityGroup }]) =>
      "name" in securityGroup ? [[peer, securityGroup.name] as const] : [],
    ),
  );

const missingPeers = (environment: DeployedEnvironment, named: ReadonlyMap<string, string>): Finding[] =>
  [...namedPeers(environment)]
    .filter(([, group]) => !named.has(group))
    .map(([peer, group]) => error(peer, `its security group ${group} doesn't exist in this VPC`));

/** The peers with a known group. */
function externalPeers({ options }: DeployedEnvironment, named: ReadonlyMap<string, string>): Reachable[] {
  return Object.entries(options.peers).flatMap(([name, { securityGroup, distribution = options.distribution }]) => {
    const id = "id" in securityGroup ? securityGroup.id : named.get(securityGroup.name);
    if (id === undefined) return [];
    const ports =
      "epmd" in distribution
        ? [epmd, distribution.epmd]
        : [{ from: distribution.singlePort, to: distribution.singlePort }];
    return [{ name, groups: [id], address: unassigned, ports, isOurs: false }];
  });
}

/** The pairs that must reach each other: each service and itself, and in both directions the services that cluster. */
function pairs({ services }: DeployedEnvironment, members: readonly Reachable[]): [Reachable, Reachable][] {
  const member = new Map(members.map((one) => [one.name, one]));
  const wanted = services.flatMap(({ name, options }) => [
    [name, name] as const,
    ...options.clustersWith.flatMap((peer) => [[name, peer] as const, [peer, name] as const]),
  ]);
  const once = new Map(wanted.map((pair) => [pair.join(" "), pair]));
  return [...once.values()].flatMap(([from, to]) =>
    member.has(from) && member.has(to) ? [[member.get(from)!, member.get(to)!] as [Reachable, Reachable]] : [],
  );
}

function closed(
  environment: DeployedEnvironment,
  rules: readonly GroupRule[],
  from: Reachable,
  to: Reachable,
): Finding[] {
  const whatToDo = `to see what is missing: ${advice.plan(environment)}`;
  const egress = from.isOurs ? closedPorts(rules, "egress", from, to, to.ports) : [];
  const ingress = to.isOurs ? closedPorts(rules, "ingress", to, from, to.ports) : [];
  const other = from === to ? "its own tasks" : to.name;
  return [
    ...(egress.length > 0
      ? [error(from.name, `has no egress to ${other} on ${inWords(egress)} in ${from.groups.join(", ")}`, whatToDo)]
      : []),
    ...(ingress.length > 0
      ? [
          error(
            to.name,
            `doesn't admit ${from === to ? "its own tasks" : from.name} on ${inWords(ingress)} in ${to.groups.join(", ")}`,
            whatToDo,
          ),
        ]
      : []),
  ];
}

const inWords = (ports: readonly PortRange[]) => `TCP ${ports.map(showPorts).join(", ")}`;

/** Terraform creates a group for each service, and assigns it. */
function ownGroup(
  environment: DeployedEnvironment,
  observation: Observation,
  named: ReadonlyMap<string, string>,
): Finding[] {
  const { service } = observation;
  const group = service.securityGroup;
  const id = named.get(group);
  if (id !== undefined && groupsOf(observation).includes(id)) return [];
  const why = id === undefined ? "which doesn't exist" : `(${id})`;
  return [error(service.name, `is not in its security group ${group} ${why}`, advice.apply(environment))];
}

/** A task keeps the groups that it started with, or that somebody assigned to its interface by hand. */
function attached(
  { cluster, options: { region } }: DeployedEnvironment,
  observations: readonly Observation[],
  groups: ReadonlyMap<string, readonly string[]>,
): Finding[] {
  return observations.flatMap((observation) => {
    const { service, tasks } = observation;
    const wanted = groupsOf(observation);
    return tasks.flatMap(({ id, address, networkInterfaceId }) => {
      const real = groups.get(networkInterfaceId ?? "");
      if (!real || sameSet(real, wanted)) return [];
      const text = `task ${id} (${address}) is in ${real.join(", ") || "no group"}, its service in ${wanted.join(", ")}`;
      return [
        error(service.name, text, `a new task gets the service's groups: ${advice.stopTask({ region, cluster }, id)}`),
      ];
    });
  });
}

const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value) => b.includes(value));
