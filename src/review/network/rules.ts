import { everyPort, isAnyProtocol, isTcp, type PortRange } from "../../aws/network/ports";
import type { Reference, Unknown } from "../read/value";

/** The other end of a rule. */
export type Peer =
  /** `inferred`: why it isn't known and was taken for the only group that it can be. */
  | { readonly kind: "group"; readonly group: string; readonly inferred?: string }
  | { readonly kind: "cidr"; readonly cidr: string }
  | { readonly kind: "prefix-list"; readonly list: Reference | string }
  | { readonly kind: "unknown"; readonly because: string; readonly groups?: readonly string[] };

/** One thing that a security group lets through, for TCP: the review looks at no other protocol. */
export interface Rule {
  readonly direction: "ingress" | "egress";
  /** Key of the group whose rule it is; `undefined` where that is unknown. */
  readonly group: string | undefined;
  /** The groups one of which it is the rule of, where `group` is unknown. */
  readonly groups?: readonly string[];
  readonly peer: Peer;
  readonly ports: PortRange;
  /** `-1`: any protocol. */
  readonly anyProtocol: boolean;
  /** Why its ports or protocol are unknown, in which case it may allow anything. */
  readonly unsure?: string;
  /** The resource that makes it. */
  readonly address: string;
  /** How it came to be: a rule resource, a block in the group, or found in the state without a resource. */
  readonly origin: "resource" | "inline" | "state";
}

/** Where all the ports and protocol of a rule stand. */
export interface Traffic {
  readonly ports: PortRange;
  readonly anyProtocol: boolean;
  readonly unsure?: string;
}

/**
 * Reads protocol and ports as AWS does: `-1` is any protocol on any port, whatever the ports say. `undefined` for what
 * lets no TCP through.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
 */
export function traffic(protocol: unknown, from: unknown, to: unknown): Traffic | undefined {
  if (protocol === undefined)
    return { ports: everyPort, anyProtocol: false, unsure: "its protocol isn't known before apply" };
  if (isAnyProtocol(String(protocol))) return { ports: everyPort, anyProtocol: true };
  if (!isTcp(String(protocol))) return undefined;
  if (typeof from !== "number" || typeof to !== "number")
    return { ports: everyPort, anyProtocol: false, unsure: "its ports aren't known before apply" };
  return { ports: { from, to }, anyProtocol: false };
}

export function unknownPeer({ because }: Unknown, groups?: readonly string[]): Peer {
  return { kind: "unknown", because, ...(groups && groups.length > 0 && { groups }) };
}
