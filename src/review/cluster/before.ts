import { Firewall } from "../network/firewall";
import type { PlanJson } from "../read/plan-format";
import { Resources, type Resource } from "../read/resources";
import type { Values } from "../read/value";
import type { Silence } from "./distribution";
import { findServices, type Service } from "./services";

/** What runs until the plan is applied. */
export interface Before {
  /** By address. */
  readonly services: ReadonlyMap<string, Service>;
  readonly firewall: Firewall;
}

/** Reads the services and rules that a plan starts from. */
export function readBefore(plan: PlanJson, after: Resources, silence: Silence): Before {
  const managed = (plan.resource_changes ?? []).flatMap(({ address, type, mode, deposed, change }): Resource[] => {
    const before = change.before;
    if (mode !== "managed" || deposed !== undefined || typeof before !== "object" || before === null) return [];
    return [{ address, type, mode, values: before as Values, actions: ["no-op"] }];
  });
  const data = after.all().filter(({ mode }) => mode === "data");
  const resources = new Resources([...managed, ...data]);
  const { services } = findServices(resources, { silence });
  return {
    services: new Map(services.map((service) => [service.resource.address, service])),
    firewall: new Firewall(resources),
  };
}
