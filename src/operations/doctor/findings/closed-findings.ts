import { advice } from "../../../advice";
import { type PortRange, showPorts } from "../../../aws/network/ports";
import type { DeployedEnvironment } from "../../deployed-environment";
import { closedPorts, type End, type GroupRule } from "../../security-groups";
import { error, type Finding } from "./finding";

/** A service that others must reach, or an external peer. */
export interface Reachable extends End {
  readonly name: string;
  /** The ports that its nodes listen on. */
  readonly ports: readonly PortRange[];
  /** Whether this environment contains its rules. */
  readonly isOurs: boolean;
}

/** Ports that the groups of one member keep closed to or from some others. */
interface Closed {
  readonly direction: GroupRule["direction"];
  readonly member: Reachable;
  readonly others: readonly Reachable[];
  readonly ports: string;
}

/**
 * Ports that rules keep closed between members that must reach each other. One finding for each member, direction and ports;
 * where it is the same for a whole cluster, as without a rule of the group that its services share, one for all of them.
 */
export function closedFindings(
  environment: DeployedEnvironment,
  pairs: readonly (readonly [from: Reachable, to: Reachable])[],
  rules: readonly GroupRule[],
): Finding[] {
  const whatToDo = `to see what is missing: ${advice.plan(environment)}`;
  const closed = pairs.flatMap(([from, to]): Closed[] => {
    const end = (direction: Closed["direction"], member: Reachable, other: Reachable): Closed[] => {
      const ports = member.isOurs ? closedPorts(rules, direction, member, other, to.ports) : [];
      return ports.length > 0 ? [{ direction, member, others: [other], ports: inWords(ports) }] : [];
    };
    return [...end("egress", from, to), ...end("ingress", to, from)];
  });
  const ofMembers = grouped(closed, ({ direction, member, ports }) => `${direction} ${member.name} ${ports}`).map(
    (same): Closed => ({ ...same[0]!, others: same.flatMap(({ others }) => others) }),
  );
  return grouped(ofMembers, wholeCluster).map((same) => {
    const [{ direction, member, others, ports }] = same as [Closed];
    const groups = [...new Set(same.flatMap((each) => each.member.groups))].join(", ");
    const among = others.map((one) => (one === member ? "its own tasks" : one.name)).join(", ");
    const [egress, ingress] =
      same.length > 1
        ? ["have no egress to each other", "don't admit each other"]
        : [`has no egress to ${among}`, `doesn't admit ${among}`];
    const what = direction === "egress" ? egress : ingress;
    return error(same.map((each) => each.member.name).join(", "), `${what} on ${ports} in ${groups}`, whatToDo);
  });
}

/** Equal for members that are all closed to each other and to themselves, in the same way. */
function wholeCluster({ direction, member, others, ports }: Closed): string {
  const names = others.map(({ name }) => name).sort();
  return `${direction} ${ports} ${others.includes(member) ? "" : member.name} ${names.join(" ")}`;
}

const grouped = <Value>(values: readonly Value[], keyOf: (value: Value) => string): Value[][] => {
  const groups = new Map<string, Value[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return [...groups.values()];
};

const inWords = (ports: readonly PortRange[]) => `TCP ${ports.map(showPorts).join(", ")}`;
