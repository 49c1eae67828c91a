import { describeFargateMemory, fargateCpus, fargateMemory } from "./fargate-sizes";
import { nearest } from "./formats";
import { type Problem, quote } from "./problems";

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const entries = (value: unknown): [string, Json][] =>
  isObject(value) ? Object.entries(value).filter((entry): entry is [string, Json] => isObject(entry[1])) : [];

/**
 * What no single field can tell: sizes that don't go together, peers that don't exist. It reads the file as it stands,
 * also where other fields are wrong, so that these show in the same run as all the others.
 */
export function inconsistencies(file: unknown): Problem[] {
  return entries(file).flatMap(([name, environment]) =>
    entries(environment.services).flatMap(([service, options]) => {
      const path = ["environments", name, "services", service];
      return [
        ...size(path, options),
        ...peers(path, service, options, environment),
        ...build(path, options, environment),
        ...percent(path, options),
      ];
    }),
  );
}

function size(path: string[], { cpu = 512, memory = 1024 }: Json): Problem[] {
  if (!fargateCpus.includes(cpu as number) || typeof memory !== "number") return [];
  if (fargateMemory(cpu as number).includes(memory)) return [];
  const allowed = `${describeFargateMemory(cpu as number)} with cpu ${cpu as number}`;
  return [{ path: [...path, "memory"], stood: quote(memory), allowed }];
}

function peers(path: string[], service: string, { clustersWith }: Json, environment: Json): Problem[] {
  if (!Array.isArray(clustersWith)) return [];
  const known = [...entries(environment.services), ...entries(environment.peers)].map(([name]) => name);
  const others = known.filter((name) => name !== service);
  return clustersWith.flatMap((peer, index): Problem[] => {
    if (typeof peer !== "string" || others.includes(peer)) return [];
    const here = [...path, "clustersWith", String(index)];
    if (peer === service) {
      return [
        {
          path: here,
          stood: quote(peer),
          allowed: "another service (tasks of one service always cluster among themselves)",
        },
      ];
    }
    const allowed =
      others.length > 0
        ? `${others.join(", ")} (services and peers of this environment)`
        : "nothing: no other service or peer here";
    return [{ path: here, stood: quote(peer), allowed, meant: nearest(peer, others) }];
  });
}

function build(path: string[], { image }: Json, { state }: Json): Problem[] {
  const cloud = isObject(state) ? state.cloud : undefined;
  if (!isObject(image) || image.build === undefined || !isObject(cloud) || cloud.execution === "local") return [];
  const allowed =
    "uri or variable: a remote run in Terraform Cloud has neither this folder nor a Docker engine. Build in your pipeline and " +
    'hand the image over by variable, or set state.cloud.execution to "local"';
  return [{ path: [...path, "image"], stood: quote(image), allowed }];
}

function percent(path: string[], { maximumPercent, tasks = 1 }: Json): Problem[] {
  if (typeof maximumPercent !== "number" || typeof tasks !== "number" || tasks === 0) return [];
  if (maximumPercent < 100 || Math.floor((tasks * maximumPercent) / 100) > tasks) return [];
  const least = Math.ceil((100 * (tasks + 1)) / tasks);
  const allowed = `${least} to 200 with ${tasks} tasks: below that no new task can start while all old ones are kept`;
  return [{ path: [...path, "maximumPercent"], stood: quote(maximumPercent), allowed }];
}
