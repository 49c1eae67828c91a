import type { Resources } from "../read/resources";
import { isNode, isOtherServer } from "./containers";
import type { Service } from "./services";

/** A service that is left out of the matrix. */
export interface LeftOut {
  readonly address: string;
  /** Why, after "left out, since": `nothing in its containers looks like a node`. */
  readonly because: string;
}

interface Parted {
  readonly nodes: readonly Service[];
  readonly others: readonly LeftOut[];
  /** Names of `notNodes` that no service has. */
  readonly unmatched: readonly string[];
}

/**
 * Parts the services that are nodes from those that aren't: those that the user names; those without any sign of a node
 * next to others that have one; those that run another well-known server; and Express services.
 */
export function leaveOut(all: readonly Service[], resources: Resources, notNodes: readonly string[]): Parted {
  const is = (service: Service, name: string) => service.name === name || service.resource.address === name;
  const named = all.filter((service) => notNodes.some((name) => is(service, name)));
  const signed = all.filter(shows);
  const reason = (service: Service): string | undefined => {
    if (named.includes(service)) return "--not-a-node names it";
    if (!("known" in service.containers)) return undefined;
    if (!shows(service) && signed.some((other) => !named.includes(other)))
      return "nothing in its containers looks like a node";
    return service.containers.known.length > 0 && service.containers.known.every(isOtherServer)
      ? `it runs ${service.containers.known.map(({ image }) => image).join(" and ")}`
      : undefined;
  };
  const reasons = new Map(all.map((service) => [service, reason(service)]));
  return {
    nodes: all.filter((service) => reasons.get(service) === undefined),
    others: [...leftOut(reasons), ...express(resources)],
    unmatched: notNodes.filter((name) => !all.some((service) => is(service, name))),
  };
}

function* leftOut(reasons: ReadonlyMap<Service, string | undefined>): Generator<LeftOut> {
  for (const [{ resource }, because] of reasons)
    if (because !== undefined) yield { address: resource.address, because };
}

function shows({ containers }: Service): boolean {
  return "known" in containers && containers.known.some(isNode);
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-overview.html */
function express(resources: Resources): readonly LeftOut[] {
  return resources.of("aws_ecs_express_gateway_service").map(({ address }) => ({
    address,
    because:
      "it is an ECS Express service: it is reached through the load balancer that ECS makes, has no name in Cloud Map, and its nodes can't find each other by DNS",
  }));
}
