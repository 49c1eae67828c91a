import { distributionModes, epmdPort, usesEpmd } from "../../../distribution";
import { advice } from "../../../advice";
import type { PortRange } from "../../../aws/network/ports";
import type { Aws } from "../../../aws/sdk/clients";
import type { DeployedEnvironment } from "../../deployed-environment";
import { groupIdsNamed, groupsAttached, rulesOf, vpcsOf } from "../../security-groups";
import { error, type Finding } from "./finding";
import { type Observation, variableOf } from "../observation";
import { closedFindings, type Reachable } from "./closed-findings";
import { type ActualGroups, ruleFindings } from "./rule-findings";

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
    ...new Set(deployed.flatMap(({ service }) => service.securityGroups)),
    ...namedPeers(environment).values(),
  ];
  const named = await groupIdsNamed(aws, names, vpcs);
  const members = [...deployed.map(reachable), ...externalPeers(environment, named)];
  const ofInterfaces = await groupsAttached(
    aws,
    deployed.flatMap(({ tasks }) => tasks.flatMap(({ networkInterfaceId }) => networkInterfaceId ?? [])),
  );
  const actual = deployed.map((observation) => actualGroups(observation, named, ofInterfaces));
  const rules = await rulesOf(aws, [
    ...new Set([...members, ...actual].flatMap(({ groups }) => groups).concat(actual.flatMap(({ own }) => own))),
  ]);
  return [
    ...deployed.flatMap((observation) => ownGroups(environment, observation, named)),
    ...missingPeers(environment, named),
    ...attached(environment, deployed, ofInterfaces),
    ...closedFindings(environment, pairs(environment, members), rules),
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

function actualGroups(
  observation: Observation,
  named: ReadonlyMap<string, string>,
  ofInterfaces: ReadonlyMap<string, readonly string[]>,
): ActualGroups {
  const { service, tasks } = observation;
  const ofTasks = tasks.flatMap(({ networkInterfaceId }) => ofInterfaces.get(networkInterfaceId ?? "") ?? []);
  return {
    name: service.name,
    groups: [...new Set([...groupsOf(observation), ...ofTasks])],
    own: service.securityGroups.flatMap((name) => named.get(name) ?? []),
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
  const mode = distributionModes.find((one) => one === variableOf(observation, "DISTRIBUTION_MODE")) ?? "epmd";
  return usesEpmd(mode) ? [epmd, { from, to }] : [{ from, to }];
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
    return [{ name, groups: [id], address: unassigned, ports: peerPorts(distribution), isOurs: false }];
  });
}

function peerPorts(distribution: DeployedEnvironment["options"]["distribution"]): PortRange[] {
  if ("epmd" in distribution) return [epmd, distribution.epmd];
  const port = "tls" in distribution ? distribution.tls.port : distribution.singlePort;
  return [{ from: port, to: port }];
}

/** The pairs that must reach each other, in both directions: each service and itself, and all members of one cluster. */
function pairs({ services, options }: DeployedEnvironment, members: readonly Reachable[]): [Reachable, Reachable][] {
  const clusterOf = ({ name, isOurs }: Reachable) =>
    isOurs ? services.find((service) => service.name === name)!.cluster : options.peers[name]!.cluster;
  return members.flatMap((from) =>
    members
      .filter((to) => clusterOf(from) === clusterOf(to) && (from.isOurs || to.isOurs))
      .map((to): [Reachable, Reachable] => [from, to]),
  );
}

/** Terraform creates these groups, and assigns them. */
function ownGroups(
  environment: DeployedEnvironment,
  observation: Observation,
  named: ReadonlyMap<string, string>,
): Finding[] {
  const { service } = observation;
  const assigned = groupsOf(observation);
  return service.securityGroups.flatMap((group) => {
    const id = named.get(group);
    if (id !== undefined && assigned.includes(id)) return [];
    const why = id === undefined ? "which doesn't exist" : `(${id})`;
    return [error(service.name, `is not in its security group ${group} ${why}`, advice.apply(environment))];
  });
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
