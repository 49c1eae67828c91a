import { serviceDefaults } from "../../aws/service-defaults";
import { entries, isObject, type Json, within } from "../entries";
import { defaultDistributionPorts, epmdPort } from "../../distribution";
import { describeFargateMemory, fargateCpus, fargateMemory } from "../../aws/fargate-sizes";
import { nearest } from "../nearest";
import { type Problem, quote } from "../problems";

/** Where a service stands in the file: `environments`, its environment's name, `services`, its own name. */
export interface Place {
  readonly path: readonly string[];
  readonly environment: string;
  readonly service: string;
}

const stoodOrDefault = (value: unknown, otherwise: number): string =>
  value === undefined ? `${otherwise}, the default` : quote(value);

/** Names that are made of a service's. Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html, https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
export function name({ path, environment, service }: Place, { image }: Json): Problem[] {
  const found = `${quote(service)} as a name`;
  const maxLength = 64 - `${environment}--execution`.length;
  if (service.length > maxLength) {
    const allowed = `at most ${maxLength} characters here: the IAM role "${environment}-<service>-execution" has 64 at most`;
    return [{ path, found, allowed }];
  }
  const repository = `${environment}/${service}`;
  if (within(image, "build") === undefined || !repository.includes("--")) return [];
  return [{ path, found, allowed: `no two hyphens in a row: the ECR repository "${repository}" can't have them` }];
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html */
export function size({ path }: Place, options: Json): Problem[] {
  const { cpu = serviceDefaults.cpu, memory = serviceDefaults.memory } = options;
  if (!fargateCpus.includes(cpu as number) || typeof memory !== "number") return [];
  if (fargateMemory(cpu as number).includes(memory)) return [];
  const allowed = `${describeFargateMemory(cpu as number)} with cpu ${cpu as number}`;
  return [{ path: [...path, "memory"], found: stoodOrDefault(options.memory, serviceDefaults.memory), allowed }];
}

/** Every name in `clustersWith` is another service or a peer. */
export function peers({ path, service }: Place, { clustersWith }: Json, environment: Json): Problem[] {
  if (!Array.isArray(clustersWith)) return [];
  const others = [...entries(environment.services), ...entries(environment.peers)]
    .map(([known]) => known)
    .filter((known) => known !== service);
  return clustersWith.flatMap((peer, index): Problem[] => {
    if (typeof peer !== "string" || others.includes(peer)) return [];
    const here = { path: [...path, "clustersWith", String(index)], found: quote(peer) };
    if (peer === service) {
      return [{ ...here, allowed: "another service (tasks of one service always cluster among themselves)" }];
    }
    const allowed =
      others.length > 0
        ? `${others.join(", ")} (services and peers of this environment)`
        : "nothing: no other service or peer here";
    return [{ ...here, allowed, suggestion: nearest(peer, others) }];
  });
}

/** A remote run has neither the folder nor a Docker engine. Source: https://developer.hashicorp.com/terraform/cloud-docs/run/run-environment */
export function build({ path }: Place, { image }: Json, { state }: Json): Problem[] {
  const cloud = within(state, "cloud");
  if (within(image, "build") === undefined || !isObject(cloud) || cloud.execution === "local") return [];
  const allowed =
    "uri or variable: a remote run in Terraform Cloud has neither this folder nor a Docker engine. Build in your pipeline and " +
    'hand the image over by variable, or set state.cloud.execution to "local"';
  return [{ path: [...path, "image"], found: quote(image), allowed }];
}

/** ECS rounds down, so a small percentage may leave no room for a new task. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html */
export function percent({ path }: Place, { maximumPercent, tasks = serviceDefaults.tasks }: Json): Problem[] {
  if (!Number.isInteger(maximumPercent) || !Number.isInteger(tasks)) return [];
  const [most, count] = [maximumPercent as number, tasks as number];
  if (count < 1 || most < 100 || Math.floor((count * most) / 100) > count) return [];
  const least = Math.ceil((100 * (count + 1)) / count);
  const range = least === 200 ? "200 with 1 task" : `${least} to 200 with ${count} tasks`;
  const allowed = `${range}: below that no new task can start while all old ones are kept`;
  return [{ path: [...path, "maximumPercent"], found: quote(most), allowed }];
}

/** A check that may take longer than the time until the next one never comes to a verdict in time. */
export function healthCheck({ path }: Place, { healthCheck: check }: Json): Problem[] {
  if (!isObject(check)) return [];
  const { healthCheck: defaults } = serviceDefaults;
  const { intervalSeconds = defaults.intervalSeconds, timeoutSeconds = defaults.timeoutSeconds } = check;
  if (typeof intervalSeconds !== "number" || typeof timeoutSeconds !== "number") return [];
  if (timeoutSeconds < intervalSeconds) return [];
  const allowed = `fewer seconds than intervalSeconds, which is ${stoodOrDefault(check.intervalSeconds, defaults.intervalSeconds)}`;
  const found = stoodOrDefault(check.timeoutSeconds, defaults.timeoutSeconds);
  return [{ path: [...path, "healthCheck", "timeoutSeconds"], found, allowed }];
}

/** Two listeners on one port: whichever starts second crashes the task. */
export function httpPort({ path }: Place, { httpPort: own, distribution }: Json, environment: Json): Problem[] {
  const port = own ?? serviceDefaults.httpPort;
  const used = distribution ?? environment.distribution ?? { epmd: defaultDistributionPorts };
  const single = within(used, "singlePort");
  const [from, to] =
    single === undefined ? [within(used, "epmd", "from"), within(used, "epmd", "to")] : [single, single];
  if (typeof port !== "number" || typeof from !== "number" || typeof to !== "number") return [];
  if (!(from <= port && port <= to) && !(port === epmdPort && single === undefined)) return [];
  const taken = single === undefined ? `${epmdPort} and ${from} to ${to}` : `${from}`;
  const allowed = `a port that Erlang distribution doesn't use; it has ${taken}`;
  return [{ path: [...path, "httpPort"], found: stoodOrDefault(own, serviceDefaults.httpPort), allowed }];
}
