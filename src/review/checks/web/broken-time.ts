import { brokenTimes, type TimeRule } from "../../../web-times";
import type { Check, Problem, Subject } from "../check";

/** A check that reports one of the rules of a deployment's times, at the target group. */
export function timeCheck(rule: TimeRule, texts: Omit<Check, "id" | "find">): Check {
  return {
    id: rule,
    ...texts,
    *find({ web }: Subject): Generator<Problem> {
      for (const { service, targetGroup, times } of web)
        for (const broken of brokenTimes(times))
          if (broken.rule === rule)
            yield { address: targetGroup.address, message: `${service.name}: ${broken.found}: ${broken.fix}` };
    },
  };
}
