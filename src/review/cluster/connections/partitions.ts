import type { Matrix } from "./matrix";
import type { Service } from "../services";

/** Two services that see each other only through a third: neither dials the other with success, yet each is linked with `through`. */
export interface Gap {
  readonly one: Service;
  readonly other: Service;
  readonly through: Service;
}

/** The gaps of services that poll each other, directly or through others: a mesh that isn't full. */
export interface PartialMesh {
  readonly services: readonly Service[];
  /** At least one. */
  readonly gaps: readonly Gap[];
}

/** Whether nodes of two services connect, in either direction. */
export function linked(matrix: Matrix, one: Service, other: Service): boolean {
  return matrix.pair(one, other).state === "connects" || matrix.pair(other, one).state === "connects";
}

/**
 * Pairs of services that packets keep apart although both are linked with a third. Nodes connect to whatever their peers know,
 * and since OTP 25 `global` takes a missing link for a partition and cuts more links until none overlaps.
 * Source: https://www.erlang.org/doc/apps/kernel/kernel_app.html#prevent_overlapping_partitions
 */
export function partialMeshes(matrix: Matrix): readonly PartialMesh[] {
  const gaps = gapsOf(matrix);
  return clusters(matrix).flatMap((services) => {
    const own = gaps.filter(({ through }) => services.includes(through));
    return own.length === 0 ? [] : [{ services, gaps: own }];
  });
}

function gapsOf(matrix: Matrix): readonly Gap[] {
  const { services } = matrix;
  const around = services.map((service) =>
    services.filter((other) => other !== service && linked(matrix, service, other)),
  );
  const gaps: Gap[] = [];
  services.forEach((one, at) => {
    const near = new Set(around[at]);
    services.slice(at + 1).forEach((other, step) => {
      if (!keptApart(matrix, one, other)) return;
      const through = around[at + 1 + step]!.find((third) => near.has(third));
      if (through) gaps.push({ one, other, through });
    });
  });
  return gaps;
}

/** The services that poll each other, directly or through others: each list is meant to be one cluster. */
export function clusters({ services, pairs }: Matrix): readonly (readonly Service[])[] {
  const of = new Map(services.map((service) => [service, [service]]));
  for (const { from, to, state } of pairs) {
    if (state === "not-polled" || !("known" in from.polls)) continue;
    const [one, other] = [of.get(from)!, of.get(to)!];
    if (one === other) continue;
    one.push(...other);
    for (const service of other) of.set(service, one);
  }
  const found = new Set(of.values());
  return [...found].map((cluster) => services.filter((service) => cluster.includes(service)));
}

/** Packets surely pass in neither direction. A missing name doesn't matter: nodes learn of each other from the third. */
function keptApart(matrix: Matrix, one: Service, other: Service): boolean {
  return matrix.pair(one, other).packets === "no" && matrix.pair(other, one).packets === "no";
}
