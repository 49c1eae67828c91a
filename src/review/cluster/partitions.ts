import type { Matrix } from "./matrix";
import type { Service } from "./services";

/** Two services that see each other only through a third: neither dials the other with success, yet each is linked with `through`. */
export interface Gap {
  readonly one: Service;
  readonly other: Service;
  readonly through: Service;
}

/** Whether any node of two services gets a connection, whoever dials. */
export function linked(matrix: Matrix, one: Service, other: Service): boolean {
  return matrix.pair(one, other).state === "connects" || matrix.pair(other, one).state === "connects";
}

/**
 * Pairs of services that packets keep apart although both are linked with a third. Nodes connect to whatever their peers know,
 * and since OTP 25 `global` takes a missing link for a partition and cuts more links until none overlaps.
 * Source: https://www.erlang.org/doc/apps/kernel/kernel_app.html#prevent_overlapping_partitions
 */
export function overlappingPartitions(matrix: Matrix): readonly Gap[] {
  const neighbours = new Map<Service, Service[]>(matrix.services.map((service) => [service, []]));
  for (const { from, to, state } of matrix.pairs)
    if (state === "connects" && from !== to) {
      if (!neighbours.get(from)!.includes(to)) neighbours.get(from)!.push(to);
      if (!neighbours.get(to)!.includes(from)) neighbours.get(to)!.push(from);
    }
  const gaps = new Map<string, Gap>();
  for (const [through, around] of neighbours)
    for (const [at, one] of around.entries())
      for (const other of around.slice(at + 1)) {
        const key = [one.resource.address, other.resource.address].sort().join(" ");
        if (!gaps.has(key) && keptApart(matrix, one, other)) gaps.set(key, { one, other, through });
      }
  return [...gaps.values()];
}

/** Packets surely pass in neither direction. A missing name is no obstacle: nodes learn of each other from the third. */
function keptApart(matrix: Matrix, one: Service, other: Service): boolean {
  return matrix.pair(one, other).packets === "no" && matrix.pair(other, one).packets === "no";
}
