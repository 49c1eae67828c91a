import { advice } from "../../../advice";
import { ownTags } from "../../../aws/names";
import type { DeployedEnvironment } from "../../deployed-environment";
import { type GroupRule, isTcp, type Ports } from "../../security-groups";
import { error, type Finding } from "./finding";

/** A service's groups as they live, and where its nodes listen. */
export interface LivingGroups {
  readonly name: string;
  /** Every group that the service gives its tasks, or that a task is in. */
  readonly groups: readonly string[];
  /** Those that Terraform makes for this environment. */
  readonly own: readonly string[];
  readonly ports: readonly Ports[];
}

/** Distribution ports that a network can reach, in any group, and rules that Terraform didn't make, in groups of its own. */
export function ruleFindings(
  environment: DeployedEnvironment,
  services: readonly LivingGroups[],
  rules: readonly GroupRule[],
): Finding[] {
  const open = services.flatMap((service) => openToNetworks(environment, service, rules));
  // A group that several services share is reported once.
  const owner = new Map(services.flatMap(({ name, own }) => own.map((group) => [group, name] as const)));
  const isReported = (rule: GroupRule) =>
    services.some((service) => service.groups.includes(rule.groupId) && isOpen(service, rule));
  const added = rules
    .filter((rule) => owner.has(rule.groupId) && !isTerraforms(environment, rule) && !isReported(rule))
    .map((rule) => {
      const text = `${rule.groupId} has a rule that Terraform didn't make: ${inWords(rule)}`;
      return error(owner.get(rule.groupId)!, text, removal(environment, rule));
    });
  return [...open, ...added];
}

/** Terraform tags the rules that it makes, as it tags everything of an environment. */
const isTerraforms = ({ name, options }: DeployedEnvironment, { tags }: GroupRule): boolean =>
  Object.entries(ownTags(name)).every(([key, value]) => tags[key] === (options.tags[key] ?? value));

/** Whether a rule lets a network reach the distribution ports of a service's nodes. */
const isOpen = ({ ports }: LivingGroups, rule: GroupRule): boolean =>
  rule.direction === "ingress" && rule.peerGroup === undefined && isTcp(rule) && overlaps(ports, rule.ports).length > 0;

function openToNetworks(
  environment: DeployedEnvironment,
  service: LivingGroups,
  rules: readonly GroupRule[],
): Finding[] {
  return rules
    .filter((rule) => service.groups.includes(rule.groupId) && isOpen(service, rule))
    .map((rule) => {
      const open = overlaps(service.ports, rule.ports).map(portsInWords).join(", ");
      const text =
        `${rule.groupId} opens its distribution ports ${open} to ${otherEnd(rule)} (${rule.id}): ` +
        "whoever knows the cookie can run code on its nodes from there";
      return error(service.name, text, removal(environment, rule));
    });
}

const removal = ({ options: { region } }: DeployedEnvironment, { direction, groupId, id }: GroupRule) =>
  `Terraform leaves rules alone that it didn't make. To remove this one: ${advice.revokeRules(region, direction, groupId, [id])}`;

const overlaps = (ports: readonly Ports[], range: Ports): readonly Ports[] =>
  ports
    .map(({ from, to }) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to) }))
    .filter(({ from, to }) => from <= to);

/** `4369`, or `9000–9010`. */
export const portsInWords = ({ from, to }: Ports): string => (from === to ? `${from}` : `${from}–${to}`);

const otherEnd = ({ peerGroup, prefixList, networks }: GroupRule) => peerGroup ?? prefixList ?? networks.join(", ");

/** `sgr-1 lets in TCP 22 from 0.0.0.0/0`. */
function inWords(rule: GroupRule): string {
  const { protocol, ports } = rule;
  const hasPorts = ["tcp", "6", "udp", "17"].includes(protocol);
  const named = protocol === "-1" ? "everything" : protocol.toUpperCase();
  const [verb, preposition] = rule.direction === "ingress" ? ["lets in", "from"] : ["lets out", "to"];
  return `${rule.id} ${verb} ${named}${hasPorts ? ` ${portsInWords(ports)}` : ""} ${preposition} ${otherEnd(rule)}`;
}
