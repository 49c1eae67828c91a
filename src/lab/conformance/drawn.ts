import type { Chance } from "../scenarios/steps/chance";

/** Between so many and so many places to fill. */
export function some(chance: Chance, least: number, most: number): undefined[] {
  return Array<undefined>(least + Math.floor(chance.next() * (most - least + 1))).fill(undefined);
}

export function shuffled<Thing>(chance: Chance, things: readonly Thing[]): Thing[] {
  return things
    .map((thing) => ({ thing, at: chance.next() }))
    .sort((one, other) => one.at - other.at)
    .map(({ thing }) => thing);
}
