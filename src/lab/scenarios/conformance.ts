import { conformance as tryLayouts } from "../conformance/conformance";
import { resultOf, type Scenario } from "./scenario";

const defaultLayouts = 20;

/** Random networks, evaluated four times. */
export const conformance: Scenario = {
  name: "conformance",
  seconds: 20,
  proves:
    "packets, the review, the lab's compiler and AWS's documentation agree on every connection in random networks: security groups, network ACLs, routes, peering",
  async runWithoutNodes({ layouts = defaultLayouts, seed = 1, say, signal }) {
    const startedAt = Date.now();
    const { figures, disagreements } = await tryLayouts({ layouts, seed, say, signal });
    const { pairs, connections, packets, mixed, cautious } = figures;
    const tried = `${layouts} layouts, ${pairs} pairs of tasks, ${connections} connections, ${packets} packets`;
    const findings = [
      { ok: figures.disagreements === 0, line: `${tried}: ${figures.disagreements} disagreements` },
      {
        ok: true,
        line: `the review said unknown of ${mixed + cautious} connections, ${cautious} of them out of caution`,
      },
      ...disagreements.map((line) => ({ ok: false, line })),
    ];
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    return resultOf(findings, `${tried}, seed ${seed}: ${figures.disagreements} disagreements`, {
      seed,
      seconds,
      ...figures,
    });
  },
};
