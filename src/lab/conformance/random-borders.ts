import type { Acl, AclEntry, Layout, Peering, Route, RouteTable, Subnet, Vpc } from "../../conformance/layout";
import type { Chance } from "../scenarios/steps/chance";
import { some } from "./drawn";
import { randomMatch } from "./random-rules";

type Borders = Pick<Layout, "subnets" | "acls" | "routeTables" | "peerings">;

/** Network ACLs, route tables and peering connections, around some of the subnets. */
export function randomBorders(
  chance: Chance,
  vpcs: readonly Vpc[],
  subnets: readonly Subnet[],
  cidr: () => string,
): Borders {
  const peerings = randomPeerings(chance, vpcs);
  const acls = vpcs.flatMap(({ id }, at) =>
    some(chance, 1, 3).map((_, number): Acl => randomAcl(chance, `acl-${at + 1}${number}`, id, cidr)),
  );
  const routeTables = vpcs.flatMap((vpc, at) =>
    some(chance, vpcs.length > 1 ? 1 : 0, 2).map((_, number): RouteTable => ({
      id: `rtb-${at + 1}${number}`,
      vpc: vpc.id,
      form: chance.of(["inline", "aws_route"]),
      routes: randomRoutes(chance, vpc, { vpcs, subnets, peerings }),
    })),
  );
  const associated = subnets.map((subnet): Subnet => {
    const own = acls.filter(({ vpc }) => vpc === subnet.vpc);
    const tables = routeTables.filter(({ vpc }) => vpc === subnet.vpc);
    return {
      ...subnet,
      ...(chance.next() < 0.7 && { acl: chance.of(own).id }),
      ...(tables.length > 0 && chance.next() < 0.9 && { routeTable: chance.of(tables).id }),
    };
  });
  return { subnets: associated, acls, routeTables, peerings };
}

function randomPeerings(chance: Chance, vpcs: readonly Vpc[]): Peering[] {
  const pairs = vpcs.flatMap(({ id }, at) => vpcs.slice(at + 1).map((other) => [id, other.id] as const));
  return pairs.flatMap(([requester, accepter], at): Peering[] => {
    if (chance.next() < 0.25) return [];
    const state = chance.next() < 0.8 ? "active" : "pending-acceptance";
    return [{ id: `pcx-${at + 1}`, requester, accepter, state }];
  });
}

/** The ports of replies: all of those that Linux connects from, a part of them, or none. */
const replies = [
  [1024, 65_535],
  [1024, 65_535],
  [32_768, 60_999],
  [32_768, 50_000],
  [40_000, 65_535],
] as const;

function randomAcl(chance: Chance, id: string, vpc: string, cidr: () => string): Acl {
  const entries = (["ingress", "egress"] as const).flatMap((direction): AclEntry[] => {
    const numbers = new Set(some(chance, 0, 3).map(() => 10 * Math.floor(chance.between(1, 30))));
    const drawn = [...numbers].map((number): AclEntry => ({
      direction,
      number,
      action: chance.next() < 0.6 ? "allow" : "deny",
      ...randomMatch(chance),
      cidr: cidr(),
    }));
    const [from, to] = chance.of(replies);
    const usual: AclEntry[] =
      chance.next() < 0.6
        ? [{ direction, number: 1000, action: "allow", protocol: "-1", cidr: "0.0.0.0/0" }]
        : [
            {
              direction,
              number: 1000,
              action: "allow",
              protocol: "tcp",
              from,
              to,
              cidr: chance.of(["0.0.0.0/0", cidr()]),
            },
          ];
    return [...drawn, ...usual];
  });
  return { id, vpc, form: chance.of(["inline", "aws_network_acl_rule"]), entries };
}

/** Routes to other VPCs, also to some that the connection doesn't lead to, and to interfaces that no one uses. */
function randomRoutes(
  chance: Chance,
  vpc: Vpc,
  { vpcs, subnets, peerings }: { vpcs: readonly Vpc[]; subnets: readonly Subnet[]; peerings: readonly Peering[] },
): Route[] {
  const routes = new Map<string, Route["target"]>();
  const own = peerings.filter(({ requester, accepter }) => [requester, accepter].includes(vpc.id));
  for (const { id, requester, accepter } of own) {
    const peer = vpcs.find((other) => other.id === (requester === vpc.id ? accepter : requester))!;
    if (chance.next() < 0.85) routes.set(peer.cidr, { peering: id });
    if (chance.next() < 0.2) {
      const part = chance.of(subnets.filter((subnet) => subnet.vpc !== vpc.id));
      routes.set(part.cidr, { peering: id });
    }
    if (chance.next() < 0.15) {
      const beyond = chance.of(vpcs.filter((other) => other.id !== vpc.id));
      if (!routes.has(beyond.cidr)) routes.set(beyond.cidr, { peering: id });
    }
  }
  if (chance.next() < 0.2) {
    const blackhole = chance.of(subnets.filter((subnet) => subnet.vpc === vpc.id));
    routes.set(blackhole.cidr, { unusedInterface: `eni-${blackhole.id}` });
  }
  return [...routes].map(([destination, target]) => ({ destination, target }));
}
