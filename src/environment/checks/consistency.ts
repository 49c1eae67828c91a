import { secretBuildArguments } from "./build-arguments";
import { collisions } from "./collisions";
import { entries, isObject, type Json } from "../entries";
import { build, healthCheck, httpPort, name, peers, percent, size } from "./service-consistency";
import { type Problem, quote } from "../problems";
import { reservedVariables } from "./reserved-variables";
import { unusableTexts } from "./texts";

/**
 * What no single field can tell: sizes that don't go together, peers that don't exist, names that grow too long. It reads
 * the file as it stands, also where other fields are wrong, so that these show in the same run as all the others.
 */
export function inconsistencies(file: unknown): Problem[] {
  const single = entries(file).flatMap(([environmentName, environment]) => [
    ...ofEnvironment(environmentName, environment),
    ...entries(environment.services).flatMap(([service, options]) => {
      const path = ["environments", environmentName, "services", service];
      const place = { path, environment: environmentName, service };
      return [
        ...name(place, options),
        ...size(place, options),
        ...peers(place, options, environment),
        ...build(place, options, environment),
        ...secretBuildArguments(place, options),
        ...percent(place, options),
        ...healthCheck(place, options),
        ...httpPort(place, options, environment),
        ...reservedVariables(place, options, environment),
      ];
    }),
  ]);
  return [...unusableTexts(file), ...single, ...collisions(file)];
}

function ofEnvironment(name: string, environment: Json): Problem[] {
  const path = ["environments", name];
  return [...peerNames(path, environment), ...dnsNames(path, environment), ...tagKeys(path, environment)];
}

function peerNames(path: string[], { services, peers: others }: Json): Problem[] {
  const taken = entries(services).map(([service]) => service);
  return entries(others)
    .filter(([peer]) => taken.includes(peer))
    .map(([peer]) => ({
      path: [...path, "peers", peer],
      found: "the name of a service of this environment",
      allowed: "a name of its own: clustersWith couldn't tell the two apart",
    }));
}

/** Source: RFC 1035, section 2.3.4; Route 53 counts 255 octets with the length bytes, 253 characters. */
function dnsNames(path: string[], { services, namespace }: Json): Problem[] {
  const longest = Math.max(0, ...entries(services).map(([service]) => service.length));
  return Object.entries(isObject(namespace) ? namespace : {}).flatMap(([key, value]) => {
    if (typeof value !== "string" || longest + 1 + value.length <= 253) return [];
    const allowed = `at most ${252 - longest} characters: "<service>.<namespace>" is a DNS name, which has 253 at most`;
    return [{ path: [...path, "namespace", key], found: quote(value), allowed }];
  });
}

/** IAM takes "Team" and "team" for one key, and refuses a role that has both. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
function tagKeys(path: string[], { tags }: Json): Problem[] {
  const keys = isObject(tags) ? Object.keys(tags) : [];
  const all = ["Environment", "ManagedBy", ...keys];
  return keys.flatMap((key): Problem[] => {
    const first = all.find((other) => other.toLowerCase() === key.toLowerCase());
    if (first === undefined || first === key) return [];
    const allowed = `"${first}" alone: to IAM the two are one key`;
    return [{ path: [...path, "tags", key], found: `the key "${key}" beside "${first}"`, allowed }];
  });
}
