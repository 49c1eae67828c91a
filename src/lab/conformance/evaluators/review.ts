import { portPasses } from "../../../review/cluster/connections/connection";
import type { Review } from "../../../review/review";
import { reviewInput } from "../../../review/review";
import { terraformJson } from "../terraform-json";
import type { Evaluator, Verdict } from "./evaluator";

/**
 * The review of the layout's Terraform JSON. It answers for services and all of their subnets; where some of their
 * connections pass and others don't, it says unknown.
 */
export const review: Evaluator = {
  name: "review",
  verdicts: async (layout, attempts) => {
    const reviewed = reviewInput({ name: "layout", synthesized: terraformJson(layout) });
    const known = new Map<string, Verdict>();
    return attempts.map(({ services: [from, to], port }) => {
      const key = `${from} ${to} ${port}`;
      const verdict = known.get(key) ?? verdictOf(reviewed, from, to, port);
      known.set(key, verdict);
      return verdict;
    });
  },
};

function verdictOf({ matrix, firewall }: Review, from: string, to: string, port: number): Verdict {
  const service = (name: string) => matrix.services.find((each) => each.name === name)!;
  const passes = portPasses(service(from).endpoint, service(to).endpoint, port, firewall);
  return passes === "unknown" ? passes : passes === "yes";
}
