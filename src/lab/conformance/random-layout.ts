import type { Group, Layout, PrefixList, Service, Subnet, Vpc } from "../../conformance/layout";
import { Chance } from "../scenarios/steps/chance";
import { shuffled, some } from "./drawn";
import { randomBorders } from "./random-borders";
import { randomGroups } from "./random-rules";
import { defaultDistributionPorts, epmdPort } from "../../distribution";

const { from, to } = defaultDistributionPorts;

/** Ports that connections are tried to: those of distribution, and their neighbours just outside of the usual rules. */
export const triedPorts = [443, epmdPort - 1, epmdPort, from, to, to + 1] as const;

/** A VPC, or several that are peered, with services in them: the same one for the same seed. */
export function randomLayout(seed: number): Layout {
  const chance = new Chance(seed);
  const vpcs = some(chance, 1, chance.next() < 0.5 ? 1 : 3).map((_, at): Vpc => ({
    id: `vpc-${at + 1}`,
    cidr: `10.${at + 1}.0.0/16`,
  }));
  const subnets = vpcs.flatMap((vpc, network) =>
    some(chance, 1, 3).map((_, at): Subnet => ({
      id: `subnet-${network + 1}${at}`,
      vpc: vpc.id,
      cidr: `10.${network + 1}.${at}.0/24`,
    })),
  );
  const names = vpcs.flatMap((vpc, network) =>
    some(chance, 2, 4).map((_, at): Pick<Group, "id" | "vpc"> => ({ id: `sg-${network + 1}${at}`, vpc: vpc.id })),
  );
  const services = randomServices(chance, vpcs, subnets, names);
  const prefixLists = some(chance, 0, 2).map((_, at): PrefixList => ({
    id: `pl-${at + 1}`,
    cidrs: randomCidrs(chance, subnets, services),
  }));
  const borders = randomBorders(chance, vpcs, subnets, () => randomCidr(chance, subnets, services));
  const groups = randomGroups(chance, names, {
    prefixLists: prefixLists.map(({ id }) => id),
    peerings: borders.peerings,
    cidr: () => randomCidr(chance, subnets, services),
  });
  return { vpcs, services, prefixLists, groups, ...borders };
}

/** Addresses on both sides of the middle of a subnet, which rules name halves of. */
const hosts = ["11", "12", "13", "141", "142", "143"];

function randomServices(
  chance: Chance,
  vpcs: readonly Vpc[],
  subnets: readonly Subnet[],
  groups: readonly Pick<Group, "id" | "vpc">[],
): Service[] {
  const taken = new Set<string>();
  return some(chance, Math.max(3, vpcs.length), 5).map((_, at): Service => {
    const name = "abcde"[at]!;
    // Each VPC gets one before any gets a second one.
    const vpc = at < vpcs.length ? vpcs[at]! : chance.of(vpcs);
    const places = shuffled(
      chance,
      subnets.filter((subnet) => subnet.vpc === vpc.id),
    ).slice(0, chance.next() < 0.6 ? 1 : 3);
    const own = shuffled(
      chance,
      groups.filter((group) => group.vpc === vpc.id),
    ).slice(0, 1 + Math.floor(chance.next() * 3));
    return {
      name,
      groups: own.map(({ id }) => id),
      tasks: places.map(({ id, cidr }, task) => {
        const free = hosts.map((host) => cidr.replace(/0\/24$/, host)).filter((each) => !taken.has(each));
        const address = chance.of(free);
        taken.add(address);
        return { id: `${name}${task + 1}`, subnet: id, address };
      }),
    };
  });
}

/** Blocks that hold all, some or none of the tasks. */
function randomCidr(chance: Chance, subnets: readonly Subnet[], services: readonly Service[]): string {
  const subnet = chance.of(subnets).cidr;
  const task = chance.of(chance.of(services).tasks).address;
  return chance.of([
    "0.0.0.0/0",
    "10.0.0.0/8",
    "192.0.2.0/24",
    subnet,
    subnet,
    subnet.replace(/\.\d+\.0\/24$/, ".0.0/16"),
    subnet.replace("/24", "/25"),
    subnet.replace(".0/24", ".128/25"),
    `${task}/32`,
  ]);
}

function randomCidrs(chance: Chance, subnets: readonly Subnet[], services: readonly Service[]): string[] {
  return [...new Set(some(chance, 0, 3).map(() => randomCidr(chance, subnets, services)))];
}
