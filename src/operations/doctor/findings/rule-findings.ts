import { advice } from "../../../advice";
import { ownTags } from "../../../aws/names";
import { isTcp, merged, type PortRange, shared, showPorts } from "../../../aws/network/ports";
import type { DeployedEnvironment } from "../../deployed-environment";
import type { GroupRule } from "../../security-groups";
import { error, type Finding } from "./finding";

/** A service's actual groups, and the ports that its nodes listen on. */
export interface ActualGroups {
  readonly name: string;
  /** Every group that the service assigns, or that a task is in. */
  readonly groups: readonly string[];
  /** The groups that Terraform creates for this environment. */
  readonly own: readonly string[];
  readonly ports: readonly PortRange[];
}

/** Distribution ports that are open to a network, in any group, and rules that Terraform didn't create, in its own groups. */
export function ruleFindings(
  environment: DeployedEnvironment,
  services: readonly ActualGroups[],
  rules: readonly GroupRule[],
): Finding[] {
  const open = openToNetworks(environment, services, rules);
  // A group that several services share is reported once, as the last one's.
  const owner = new Map(services.flatMap(({ name, own }) => own.map((group) => [group, name] as const)));
  const isReported = (rule: GroupRule) =>
    services.some((service) => service.groups.includes(rule.groupId) && isOpen(service, rule));
  const added = rules
    .filter((rule) => owner.has(rule.groupId) && !isTerraforms(environment, rule) && !isReported(rule))
    .map((rule) => {
      const text = `${rule.groupId} has a rule that Terraform didn't create: ${inWords(rule)}`;
      return error(owner.get(rule.groupId)!, text, removal(environment, rule));
    });
  return [...open, ...added];
}

/** Terraform tags the rules that it creates, as it tags everything of an environment. */
const isTerraforms = ({ name, options }: DeployedEnvironment, { tags }: GroupRule): boolean =>
  Object.entries(ownTags(name, options)).every(([key, value]) => tags[key] === value);

/** Whether a rule opens the distribution ports of a service's nodes to a network. */
const isOpen = ({ ports }: ActualGroups, rule: GroupRule): boolean =>
  rule.direction === "ingress" &&
  rule.peerGroup === undefined &&
  isTcp(rule.protocol) &&
  overlapping(ports, rule.ports).length > 0;

/** One finding for each rule: the services of a cluster share its group. */
function openToNetworks(
  environment: DeployedEnvironment,
  services: readonly ActualGroups[],
  rules: readonly GroupRule[],
): Finding[] {
  return rules.flatMap((rule) => {
    const exposed = services.filter((service) => service.groups.includes(rule.groupId) && isOpen(service, rule));
    if (exposed.length === 0) return [];
    const open = merged(exposed.flatMap(({ ports }) => overlapping(ports, rule.ports)));
    const whose = exposed.length === 1 ? "its" : "their";
    const text =
      `${rule.groupId} opens ${whose} distribution ports ${open.map(showPorts).join(", ")} to ${otherEnd(rule)} (${rule.id}): ` +
      `anyone there who has the cookie can run code on ${whose} nodes`;
    return [error(exposed.map(({ name }) => name).join(", "), text, removal(environment, rule))];
  });
}

const removal = ({ options: { region } }: DeployedEnvironment, { direction, groupId, id }: GroupRule) =>
  `Terraform doesn't remove rules that it didn't create. To remove this one: ${advice.revokeRules(region, direction, groupId, [id])}`;

const overlapping = (ports: readonly PortRange[], range: PortRange): readonly PortRange[] =>
  ports.flatMap((own) => shared(own, range) ?? []);

const otherEnd = ({ peerGroup, prefixList, networks }: GroupRule) => peerGroup ?? prefixList ?? networks.join(", ");

/** `sgr-1 allows TCP 22 from 0.0.0.0/0`. */
function inWords(rule: GroupRule): string {
  const { protocol, ports } = rule;
  const hasPorts = ["tcp", "6", "udp", "17"].includes(protocol);
  const named = protocol === "-1" ? "everything" : protocol.toUpperCase();
  const preposition = rule.direction === "ingress" ? "from" : "to";
  return `${rule.id} allows ${named}${hasPorts ? ` ${showPorts(ports)}` : ""} ${preposition} ${otherEnd(rule)}`;
}
