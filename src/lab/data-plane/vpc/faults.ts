import type { Faults, Shaping } from "../data-plane";

/** Which address of a packet is the task's. */
const endsOf = (direction: Shaping["direction"]): readonly string[] =>
  direction === undefined ? ["saddr", "daddr"] : [direction === "in" ? "daddr" : "saddr"];

/** Lossy interfaces drop at random before anything else looks at the packet, so a lost packet doesn't count as denied. */
function lossRules(shaping: NonNullable<Faults["shaping"]>): string[] {
  return Object.entries(shaping).flatMap(([address, shapes]) => shapes.flatMap((shape) => lossRulesOf(address, shape)));
}

function lossRulesOf(address: string, { lossPercent = 0, direction }: Shaping): string[] {
  if (!(lossPercent >= 0 && lossPercent <= 100)) throw new Error(`lossPercent is ${lossPercent}: 0 to 100 is allowed.`);
  const tenThousandths = Math.round(lossPercent * 100);
  const chance = tenThousandths < 10_000 ? `numgen random mod 10000 < ${tenThousandths} ` : "";
  const ends = tenThousandths > 0 ? endsOf(direction) : [];
  return ends.map((end) => `ip ${end} ${address} ${chance}drop`);
}

/** nftables' lines for what vanishes: one table, replaced as a whole. */
export function faultTable({ cutTasks = [], cutLinks = [], shaping = {} }: Faults): string {
  const rules = [
    ...cutTasks.flatMap((address) => [`ip saddr ${address} drop`, `ip daddr ${address} drop`]),
    ...cutLinks.flatMap(([one, other]) => [
      `ip saddr ${one} ip daddr ${other} drop`,
      `ip saddr ${other} ip daddr ${one} drop`,
    ]),
    ...lossRules(shaping),
  ];
  return [
    "add table ip faults",
    "delete table ip faults",
    "add table ip faults",
    // Before connection tracking: what vanishes on the way was never seen.
    "add chain ip faults prerouting { type filter hook prerouting priority -300; }",
    ...rules.map((rule) => `add rule ip faults prerouting ${rule}`),
    "",
  ].join("\n");
}
