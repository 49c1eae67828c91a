import { defaultDnsTtl, defaultPollingIntervalMs, dnsRecordLimit } from "../../src/distribution";
import { Chance } from "../../src/lab/scenarios/steps/chance";
import type { Newcomer } from "./measured";

/** Seconds. */
const polling = defaultPollingIntervalMs.ours / 1000;

/**
 * Seconds from a newcomer's registration and first poll until it and all others are connected, where each poll gets eight of
 * all addresses. With `mesh`, Erlang connects a node to all others as soon as it is connected to one. With `apart`, each pair
 * has to find each other: one of the two gets the other's address.
 */
export function secondsUntilKnown({ nodes, answers, links }: Omit<Newcomer, "milliseconds">, chance: Chance): number {
  return answers === "random" ? withRandomAnswers(nodes, links, chance) : withCachedAnswers(nodes, links, chance);
}

/** Each query gets others. Old nodes poll at any moment of a second, the newcomer at its beginning. */
function withRandomAnswers(nodes: number, links: Newcomer["links"], chance: Chance): number {
  const known = Math.min(1, dnsRecordLimit / nodes);
  let unknown = Array.from({ length: nodes - 1 }, (_, index) => ({ index, phase: chance.next() * polling }));
  for (let second = 0; ; second += polling) {
    const named = namedBy(nodes, chance);
    const first = named.size > 0 ? second : undefined;
    if (links === "mesh" && first !== undefined) return first;
    const left = unknown.filter(({ index }) => !named.has(index));
    if (left.length === 0) return second;
    unknown = left.filter(() => chance.next() >= known);
    if (unknown.length < left.length && (links === "mesh" || unknown.length === 0)) {
      const phases = left.filter((node) => !unknown.includes(node)).map(({ phase }) => phase);
      return second + (links === "mesh" ? Math.min(...phases) : Math.max(...phases));
    }
  }
}

/** All get the same eight, others after each TTL. The newcomer comes at any moment of it. */
function withCachedAnswers(nodes: number, links: Newcomer["links"], chance: Chance): number {
  // What is cached when it comes doesn't name it.
  let named = namedBy(nodes, chance);
  const unknown = new Set(Array.from({ length: nodes - 1 }, (_, index) => index));
  let second = 0;
  let next = chance.next() * defaultDnsTtl;
  for (;;) {
    if (links === "mesh" && named.size > 0) return second;
    named.forEach((index) => unknown.delete(index));
    if (unknown.size === 0) return second;
    second = next;
    next += defaultDnsTtl;
    // In the next polls all get the new answer: if it names the newcomer, everyone finds it.
    if (chance.next() < Math.min(1, dnsRecordLimit / nodes)) return second + polling;
    named = namedBy(nodes, chance);
  }
}

/** Old nodes in an answer: the newcomer itself may be one of the eight. */
function namedBy(nodes: number, chance: Chance): Set<number> {
  const named = new Set<number>();
  const drawn = new Set<number>();
  while (drawn.size < Math.min(nodes, dnsRecordLimit)) drawn.add(Math.floor(chance.next() * nodes));
  drawn.forEach((index) => index < nodes - 1 && named.add(index));
  return named;
}
