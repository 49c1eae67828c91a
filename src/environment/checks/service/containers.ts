import { wrongContainers } from "../../../containers/task-containers";
import { quote } from "../../problems";
import type { EnvironmentParts, ServiceParts } from "../../schema/schema";
import type { Finding } from "../finding";
import { present } from "../finding";
import { distributionPortsOf, type Place } from "../service";

/** The containers of a service's tasks: names, dependencies, sizes, ports and volumes that must fit together. */
export function containers({ path, service }: Place, options: ServiceParts, environment: EnvironmentParts): Finding[] {
  const { sidecars, logs } = options;
  const task = { ...options, routerMemory: logs?.driver?.awsfirelens?.memory };
  return [
    ...wrongContainers(service, task, distributionPortsOf(options, environment)).map((wrong) => ({
      ...wrong,
      path: [...path, ...wrong.path],
    })),
    ...present(sidecars).flatMap(([name, { healthCheck }]) =>
      healthCheckTimes([...path, "sidecars", name, "healthCheck"], healthCheck),
    ),
  ];
}

/** A check that may take longer than the interval doesn't end before the next one. */
export function healthCheckTimes(
  path: readonly string[],
  check: { readonly intervalSeconds?: number | undefined; readonly timeoutSeconds?: number | undefined } | undefined,
): Finding[] {
  const { intervalSeconds, timeoutSeconds } = check ?? {};
  if (intervalSeconds === undefined || timeoutSeconds === undefined || timeoutSeconds < intervalSeconds) return [];
  const allowed = `fewer seconds than intervalSeconds, which is ${intervalSeconds}`;
  return [{ path: [...path, "timeoutSeconds"], allowed }];
}

/** `sameAs` names a service that has an image of its own, built for the same processor. */
export function sameImages({ path, service }: Place, options: ServiceParts, environment: EnvironmentParts): Finding[] {
  const images: (readonly [readonly string[], { readonly sameAs?: string | undefined } | undefined])[] = [
    [["image"], options.image],
    ...present(options.sidecars).map(([name, { image }]) => [["sidecars", name, "image"], image] as const),
    [["logs", "driver", "awsfirelens", "image"], options.logs?.driver?.awsfirelens?.image],
  ];
  return images.flatMap(([place, image]) => {
    const wrong =
      image?.sameAs === undefined ? undefined : wrongService(image.sameAs, place, service, options, environment);
    return wrong === undefined ? [] : [{ path: [...path, ...place, "sameAs"], allowed: wrong }];
  });
}

function wrongService(
  named: string,
  [part]: readonly string[],
  service: string,
  { architecture }: ServiceParts,
  { services = {} }: EnvironmentParts,
): string | undefined {
  const other = services[named];
  const isOwn = part === "image" && named === service;
  if (!Object.hasOwn(services, named) || isOwn) {
    const names = Object.keys(services).filter((name) => part !== "image" || name !== service);
    return names.length > 0
      ? `a service of this environment: ${names.join(", ")}`
      : "no sameAs: there is no other service";
  }
  const first = other?.image?.sameAs;
  if (first !== undefined && part === "image")
    return `the service with the image itself: ${quote(named)} has the same as ${quote(first)}`;
  const built = other?.image?.build !== undefined;
  if (!built || architecture === undefined || other?.architecture === architecture) return undefined;
  return `a service with the architecture ${quote(architecture)}, like this one: ${quote(named)} builds its image for ${quote(other?.architecture)}`;
}
