import { epmdPort } from "../../../distribution";
import { advice } from "../../../advice";
import { sharedSecurityGroupName } from "../../../aws/names";
import type { Aws } from "../../aws";
import type { DeployedEnvironment } from "../../deployed-environment";
import {
  closedPorts,
  type End,
  groupIdsNamed,
  groupsAttached,
  type GroupRule,
  type Ports,
  rulesOf,
  vpcsOf,
} from "../../security-groups";
import { error, type Finding } from "./finding";
import { type Observation, variableOf } from "../observation";
import { type LivingGroups, portsInWords, ruleFindings } from "./rule-findings";

/** A service that others have to reach, or an external peer. */
interface Reachable extends End {
  readonly name: string;
  /** Where its nodes listen. */
  readonly ports: readonly Ports[];
  /** Whether its rules are for us to judge. */
  readonly isOurs: boolean;
}

const epmd = { from: epmdPort, to: epmdPort };

/**
 * The security groups that tasks are really in, and whether their rules let distribution through between all who are to
 * cluster, both ways: either may be the one that dials.
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
  const living = deployed.map((observation) => livingGroups(environment, observation, named, ofInterfaces));
  const rules = await rulesOf(aws, [
    ...new Set([...members, ...living].flatMap(({ groups }) => groups).concat(living.flatMap(({ own }) => own))),
  ]);
  return [
    ...deployed.flatMap((observation) => ownGroup(environment, observation, named)),
    ...missingPeers(environment, named),
    ...attached(environment, deployed, ofInterfaces),
    ...pairs(environment, members).flatMap(([from, to]) => closed(environment, rules, from, to)),
    ...ruleFindings(environment, living, rules),
  ];
}

/** The groups that a service gives its tasks. */
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

/** Name of the group that all services share, where Terraform makes one. */
const sharedGroup = ({ name, options: { sharedSecurityGroup } }: DeployedEnvironment): string[] =>
  sharedSecurityGroup && "create" in sharedSecurityGroup ? [sharedSecurityGroupName(name)] : [];

function livingGroups(
  environment: DeployedEnvironment,
  observation: Observation,
  named: ReadonlyMap<string, string>,
  ofInterfaces: ReadonlyMap<string, readonly string[]>,
): LivingGroups {
  const { service, tasks } = observation;
  const ofTasks = tasks.flatMap(({ networkInterfaceId }) => ofInterfaces.get(networkInterfaceId ?? "") ?? []);
  return {
    name: service.name,
    groups: [...new Set([...groupsOf(observation), ...ofTasks])],
    own: [service.securityGroup, ...sharedGroup(environment)].flatMap((name) => named.get(name) ?? []),
    ports: portsOf(observation),
  };
}

/** No rule by CIDR that isn't open to all admits it. Source: RFC 5737 */
const unassigned = "192.0.2.1";

/** Where its nodes really listen: what their containers are told. */
function portsOf(observation: Observation): Ports[] {
  const from = Number(variableOf(observation, "DISTRIBUTION_PORT_MIN"));
  const to = Number(variableOf(observation, "DISTRIBUTION_PORT_MAX"));
  if (!from || !to) return [];
  return variableOf(observation, "DISTRIBUTION_MODE") === "single-port" ? [{ from, to }] : [epmd, { from, to }];
}

/** Names of the groups of external peers, where the environment gives these rather than ids. */
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

/** Those whose group is known. */
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

/** Who has to reach whom: each service itself, and both ways whoever it clusters with. */
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
  const whom = from === to ? "its own tasks" : to.name;
  return [
    ...(egress.length > 0
      ? [error(from.name, `isn't let out to ${whom} on ${inWords(egress)} by ${from.groups.join(", ")}`, whatToDo)]
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

const inWords = (ports: readonly Ports[]) => `TCP ${ports.map(portsInWords).join(", ")}`;

/** Terraform puts a service into the group that it makes for it. */
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

/** A task keeps the groups that it started with, or that somebody gave its interface by hand. */
function attached(
  { cluster, options: { region } }: DeployedEnvironment,
  observations: readonly Observation[],
  groups: ReadonlyMap<string, readonly string[]>,
): Finding[] {
  return observations.flatMap((observation) => {
    const { service, tasks } = observation;
    const meant = groupsOf(observation);
    return tasks.flatMap(({ id, address, networkInterfaceId }) => {
      const real = groups.get(networkInterfaceId ?? "");
      if (!real || sameSet(real, meant)) return [];
      const text = `task ${id} (${address}) is in ${real.join(", ") || "no group"}, its service in ${meant.join(", ")}`;
      return [
        error(service.name, text, `a new task gets the service's groups: ${advice.stopTask({ region, cluster }, id)}`),
      ];
    });
  });
}

const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value) => b.includes(value));
