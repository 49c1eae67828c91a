import type { EnvironmentParts, ServiceParts } from "../../schema/schema";
import { type Finding, findingIf, missing, present } from "../finding";
import type { Place } from "../service";

const example = '"loadBalancer": { "create": { "zone": "example.com" } }';
/** What a target group of another project may be combined with. */
const withTargetGroup = ["targetGroup", "domain", "healthCheckGracePeriodSeconds", "drainerSeconds"];

/** A service in the web needs a name and a load balancer; or a target group, whose owner decides the rest. */
export function web({ path }: Place, { web: options }: ServiceParts, { loadBalancer }: EnvironmentParts): Finding[] {
  if (options === undefined) return [];
  const at = [...path, "web"];
  if (options.targetGroup !== undefined) {
    return present(options)
      .filter(([key]) => !withTargetGroup.includes(key))
      .map(([key]) => ({
        path: [...at, key],
        allowed: `nothing next to targetGroup: the project that owns the target group decides this. Allowed with it: ${withTargetGroup.slice(1).join(", ")}`,
      }));
  }
  return [
    ...(options.domain === undefined
      ? [{ path: [...at, "domain"], found: missing, allowed: 'the public name, such as "shop.example.com"' }]
      : []),
    ...findingIf(
      loadBalancer === undefined,
      at,
      `only with a load balancer of the environment, such as ${example}, or with a targetGroup that another project owns`,
    ),
  ];
}
