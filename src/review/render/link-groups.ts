import type { Service } from "../cluster/services";
import type { LinkChange } from "../comparison";
import { groupedBy } from "./groups";

/** Links that one sentence describes. */
export interface LinkGroup {
  /** `own`: each of the services with itself; `mesh`: each with each; `star`: the first with each of the others. */
  readonly kind: "own" | "mesh" | "star";
  readonly services: readonly Service[];
  readonly links: readonly LinkChange[];
}

/** Fewest services that are one mesh: two are a star. */
const smallestMesh = 3;

/** Each link once, in few groups: a cluster of 40 that falls apart is one mesh, not 780 links. */
export function groupLinks(links: readonly LinkChange[]): readonly LinkGroup[] {
  const own = links.filter(isOwn);
  const groups: LinkGroup[] =
    own.length === 0 ? [] : [{ kind: "own", services: own.map(({ services }) => services[0]), links: own }];
  let left = links.filter((link) => !isOwn(link));
  const take = (kind: LinkGroup["kind"], services: readonly Service[], of: (link: LinkChange) => boolean) => {
    groups.push({ kind, services, links: left.filter(of) });
    left = left.filter((link) => !of(link));
  };
  for (const mesh of meshes(left)) take("mesh", mesh, ({ services }) => services.every((one) => mesh.includes(one)));
  while (left.length > 0) {
    const [center] = [...neighbours(left)].reduce((most, one) => (one[1].size > most[1].size ? one : most));
    const isIn = ({ services }: LinkChange) => services.includes(center);
    const others = left.filter(isIn).map(({ services: [one, other] }) => (one === center ? other : one));
    take("star", [center, ...others], isIn);
  }
  return groups;
}

function isOwn({ services: [one, other] }: LinkChange): boolean {
  return one === other;
}

/** Services with the same neighbours, themselves included: each is a neighbour of each. */
function meshes(links: readonly LinkChange[]): readonly (readonly Service[])[] {
  const around = [...neighbours(links)];
  const position = new Map(around.map(([service], at) => [service, at]));
  const key = ([service, others]: (typeof around)[number]) =>
    [service, ...others]
      .map((one) => position.get(one)!)
      .sort((one, other) => one - other)
      .join(" ");
  return groupedBy(around, key)
    .filter(({ length }) => length >= smallestMesh)
    .map((group) => group.map(([service]) => service));
}

function neighbours(links: readonly LinkChange[]): ReadonlyMap<Service, ReadonlySet<Service>> {
  const around = new Map<Service, Set<Service>>();
  for (const { services } of links)
    for (const [one, other] of [services, [...services].reverse()] as const)
      around.set(one!, (around.get(one!) ?? new Set()).add(other!));
  return around;
}
