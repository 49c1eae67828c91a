import fc from "fast-check";
import type { SecurityGroup, SecurityGroupRule } from "../../src/lab/data-plane/data-plane";

/** Addresses of tasks, and some of none. */
export const addresses = ["10.0.1.10", "10.0.1.11", "10.0.2.12", "10.0.2.13"];
export const outside = ["8.8.8.8", "10.0.9.9"];
export const groupIds = ["sg-a", "sg-b", "sg-c"];

const cidr = fc.constantFrom("0.0.0.0/0", "10.0.0.0/16", "10.0.1.0/24", "10.0.2.12/31", "8.8.8.8/32", "10.0.1.10/32");
const peer = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...groupIds, "sg-gone").map((group) => ({ group })) },
  { weight: 2, arbitrary: cidr.map((cidr4) => ({ cidr4 })) },
  fc.constant({ cidr6: "::/0" }),
  fc.array(cidr, { maxLength: 3 }).map((cidrs) => ({ prefixList: "pl-1", cidrs: [...cidrs, "2001:db8::/32"] })),
);
export const port = fc.constantFrom(1, 4369, 8999, 9000, 9005, 9010, 9011, 65_535);
const match = fc.oneof(
  fc.constantFrom("-1", "tcp", "udp", "icmp", "6", "17", "47", "icmpv6").map((protocol) => ({ protocol })),
  fc
    .tuple(fc.constantFrom("tcp", "udp", "6"), port, port)
    .map(([protocol, one, two]) => ({ protocol, fromPort: Math.min(one, two), toPort: Math.max(one, two) })),
  fc
    .tuple(fc.constantFrom(-1, 0, 3, 8), fc.constantFrom(-1, 0, 4))
    .map(([fromPort, toPort]) => ({ protocol: "icmp", fromPort, toPort: fromPort < 0 ? -1 : toPort })),
);
const rules = fc.array(fc.tuple(match, peer), { maxLength: 4 });

/** Groups whose rules have ids of their own. */
export const groups = fc.tuple(...groupIds.map(() => fc.tuple(rules, rules))).map((all): SecurityGroup[] =>
  all.map(([ingress, egress], at) => {
    const named = (list: typeof ingress, direction: string) =>
      list.map(([what, who], index): SecurityGroupRule => ({
        id: `sgr-${at}-${direction}-${index}`,
        ...what,
        peer: who,
      }));
    return { id: groupIds[at] ?? "", ingress: named(ingress, "in"), egress: named(egress, "out") };
  }),
);
