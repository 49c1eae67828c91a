import { serviceDefaults } from "../../../aws/defaults";
import { looksLikeNode } from "../../../containers/node-container";
import { discoveryOf, discoveryVariable, dnsClusterVariable } from "../../../discovery";
import type { AppliedLoadBalancing } from "../applied/load-balancers";
import type { ServiceTarget } from "../applied/services";
import type { AppliedContainer } from "../applied/task-definitions";

/** What the sample release needs to know of the service whose image it runs for. */
export interface StandInService {
  readonly targets: readonly ServiceTarget[];
  /** DNS name of its tasks; absent where Cloud Map has none. */
  readonly dnsName?: string | undefined;
}

/**
 * A container with the sample release in place of an image that isn't on this machine. The image's command and health check
 * call programs and paths that the sample doesn't have, so it gets its own ones, with the times of the layout. What the image
 * would have set by itself comes from the layout:
 *
 * - the port of the load balancer's target, or else of the image's `PORT`, or else of the first port mapping;
 * - the cookie that is set, or else one that all stand-ins share;
 * - peers by the variables that the sample knows, or else, where the variables show a release, by the service's DNS name.
 */
export function standIn(container: AppliedContainer, service: StandInService): AppliedContainer {
  const { environment, secrets, healthCheck, ports = [] } = container;
  const target = service.targets.find(({ containerName }) => containerName === container.name);
  const port = String(target?.containerPort ?? environment["PORT"] ?? ports[0] ?? serviceDefaults.httpPort);
  const hasCookie = [...Object.keys(environment), ...secrets.map(({ name }) => name)].includes("RELEASE_COOKIE");
  return {
    ...container,
    command: [],
    environment: {
      ...(hasCookie ? {} : { RELEASE_COOKIE: "stand-in" }),
      ...discoveryOfStandIn(container, service),
      ...environment,
      PORT: port,
    },
    ...(healthCheck && { healthCheck: { ...healthCheck, command: askHealth(port) } }),
  };
}

function discoveryOfStandIn(
  { environment, secrets }: AppliedContainer,
  { dnsName }: StandInService,
): Record<string, string> {
  if (discoveryOf((variable) => environment[variable]) !== undefined) return {};
  const variables = [...Object.keys(environment), ...secrets.map(({ name }) => name)];
  return dnsName !== undefined && looksLikeNode({ variables })
    ? { [dnsClusterVariable]: dnsName }
    : { [discoveryVariable]: "none" };
}

const { path } = serviceDefaults.healthCheck;

const askHealth = (port: string): readonly string[] => ["curl", "-fsS", `http://127.0.0.1:${port}${path}`];

/** Target groups whose targets are stand-ins: plain HTTP, and the sample's own health check with the times of the layout. */
export const checkingStandIns = (applied: AppliedLoadBalancing): AppliedLoadBalancing => ({
  ...applied,
  targetGroups: applied.targetGroups.map((group) => ({
    ...group,
    protocol: "HTTP",
    healthCheck: { ...group.healthCheck, protocol: "HTTP", port: undefined, path, statuses: "200" },
  })),
});
