/** A running task, and what its node sees. */
export interface Member {
  readonly service: string;
  readonly taskId: string;
  readonly address: string;
  /** Such as `myapp@10.0.1.11`; absent while it doesn't answer. */
  readonly node?: string;
  /** Names of the nodes that it is connected to, without itself; absent while it doesn't answer. */
  readonly sees?: readonly string[];
}

/** One node that doesn't see another, though both run. */
export interface MissingLink<One extends Member> {
  readonly from: One;
  readonly to: One;
}

/** The node's name, or until that is known its service and address. */
export const nameOf = ({ node, service, address }: Member): string => node ?? `${service} ${address}`;

/** A node that doesn't answer is known by its address. */
const isNodeOf = (name: string, { node, address }: Member) => name === node || name.endsWith(`@${address}`);

/** Whether a node reports a connection to another. */
export const sees = (from: Member, to: Member): boolean => from.sees?.some((name) => isNodeOf(name, to)) ?? false;

/** Every pair of which one doesn't see the other; a node that doesn't answer sees no node. */
export const missingLinks = <One extends Member>(members: readonly One[]): MissingLink<One>[] =>
  members.flatMap((from) => members.filter((to) => to !== from && !sees(from, to)).map((to) => ({ from, to })));

/** Nodes that some member sees and that aren't members: untrusted nodes, or tasks that are about to end. */
export function unknownNodes(members: readonly Member[]): string[] {
  const seen = new Set(members.flatMap(({ sees = [] }) => sees));
  return [...seen].filter((name) => !members.some((member) => isNodeOf(name, member))).sort();
}

/** Whether either of two sees the other. */
export const connected = (one: Member, other: Member): boolean => sees(one, other) || sees(other, one);

/** Parts of members that are linked with each other, directly or through others. */
export function partitions<One>(members: readonly One[], linked: (one: One, other: One) => boolean): One[][] {
  const left = new Set(members);
  const parts: One[][] = [];
  for (const first of members) {
    if (!left.delete(first)) continue;
    const part = [first];
    // The part grows while it is walked.
    for (const member of part)
      for (const other of [...left].filter((one) => linked(member, one))) {
        left.delete(other);
        part.push(other);
      }
    parts.push(part);
  }
  return parts;
}
