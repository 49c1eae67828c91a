import type { ServiceSettings } from "../elixir-service-props";
import type { ReleaseSecret } from "../secrets/release-secret";
import { routerOf } from "./logs";

type Task = Pick<
  ServiceSettings,
  "image" | "cookie" | "secrets" | "distribution" | "registryCredentials" | "sidecars" | "logs"
>;

/** The secrets that ECS reads for a task's containers: variables, options of logs, and credentials of registries. */
export function readByEcs(task: Task): ReleaseSecret[] {
  const { cookie, secrets, distribution, registryCredentials, sidecars, logs } = task;
  const all = [
    cookie,
    ...Object.values(secrets),
    ...Object.values(distribution.secrets),
    registryCredentials,
    ...Object.values(routerOf(logs)?.secretOptions ?? {}),
    ...Object.values(sidecars).flatMap((sidecar) => [
      ...Object.values(sidecar.secrets ?? {}),
      sidecar.registryCredentials,
    ]),
  ];
  return all.filter((secret) => secret !== undefined);
}

/** The ECR repositories that ECS pulls a task's images from. */
export function pulledFrom({ image, sidecars, logs }: Task): string[] {
  const router = routerOf(logs);
  const images = [image, ...(router ? [router.image] : []), ...Object.values(sidecars).map((sidecar) => sidecar.image)];
  return [...new Set(images.flatMap(({ repositoryArn }) => repositoryArn ?? []))];
}
