import { ownTags } from "../../aws/names";
import { type Problem, quote } from "../problems";
import type { EnvironmentParts } from "../schema/schema";
import { valueAt } from "../values";
import { alarms } from "./service/alarms";
import { collisions } from "./names/collisions";
import { clusters } from "./clusters";
import { percentages, trafficShift } from "./service/deployment";
import { pollingInterval } from "./service/discovery";
import { type Finding, missing, present } from "./finding";
import { formerKeys } from "./former-keys";
import { containers, healthCheckTimes, sameImages } from "./service/containers";
import { organization } from "./organization";
import { build, httpPort, name, size } from "./service";
import { certificates, cookie, repeated, secrets } from "./service/secrets";
import { capacity, scaledTasks } from "./service/tasks";
import { unusableTexts } from "./texts";
import { reservedVariables, secretBuildArguments } from "./variables";
import { vpc } from "./vpc";
import { web } from "./service/web";

/**
 * Checks what no single field can tell: sizes that don't go together, peers that don't exist, names that grow too long.
 *
 * @param file the file as it is written. @param environments its valid parts, with defaults filled in.
 */
export function inconsistencies(
  file: unknown,
  environments: Readonly<Record<string, EnvironmentParts | undefined>>,
): Problem[] {
  const findings = present(environments).flatMap(([environmentName, environment]) => [
    ...peerNames(["environments", environmentName], environment),
    ...alarms(["environments", environmentName], environment),
    ...clusters(["environments", environmentName], environment),
    ...dnsNames(["environments", environmentName], environment),
    ...tagKeys(["environments", environmentName], environment),
    ...vpc(["environments", environmentName], environment),
    ...cookie(["environments", environmentName], environment),
    ...certificates(["environments", environmentName], environment, environment),
    ...organization(["environments", environmentName], environment),
    ...present(environment.services).flatMap(([service, options]) => {
      const path = ["environments", environmentName, "services", service];
      const place = { path, environment: environmentName, service };
      return [
        ...name(place, options, environment),
        ...size(place, options),
        ...build(place, options, environment),
        ...secretBuildArguments(place, options),
        ...scaledTasks(place, options),
        ...capacity(place, options),
        ...percentages(place, options),
        ...trafficShift(place, options, environment),
        ...healthCheckTimes([...path, "healthCheck"], options.healthCheck || undefined),
        ...containers(place, options, environment),
        ...sameImages(place, options, environment),
        ...httpPort(place, options, environment),
        ...web(place, options, environment),
        ...pollingInterval(place, options, file),
        ...reservedVariables(place, options),
        ...secrets(place, options, environment),
        ...certificates(path, options, environment),
        ...repeated(place, options),
      ];
    }),
  ]);
  const found = ([, ...keys]: readonly string[]) => {
    const written = valueAt(file, keys);
    return written === undefined ? `${quote(valueAt(environments, keys))}, the default` : quote(written);
  };
  // A check also misses an option whose value is wrong: the schema reports that one.
  const isWritten = ({ path: [, ...keys] }: Finding) => valueAt(file, keys) !== undefined;
  return [
    ...unusableTexts(file),
    ...[...formerKeys(file), ...findings, ...collisions(present(environments))]
      .filter((finding) => finding.found !== missing || !isWritten(finding))
      .map((finding) => ({ ...finding, found: finding.found ?? found(finding.path) })),
  ];
}

function peerNames(path: string[], { services = {}, peers: others = {} }: EnvironmentParts): Finding[] {
  return Object.keys(others)
    .filter((peer) => Object.hasOwn(services, peer))
    .map((peer) => ({
      path: [...path, "peers", peer],
      found: "the name of a service of this environment",
      allowed: "a different name: messages and rules name both",
    }));
}

const maxLabelLength = 63;

/** Source: RFC 1035, section 2.3.4; Route 53 counts 255 octets with the length bytes, 253 characters. */
function dnsNames(path: string[], { services = {}, namespace = {} }: EnvironmentParts): Finding[] {
  // A longer name than a label can have is an error of its own.
  const longest = Math.max(0, ...Object.keys(services).map(({ length }) => (length > maxLabelLength ? 0 : length)));
  return present(namespace).flatMap(([key, value]) => {
    if (longest + 1 + value.length <= 253) return [];
    const allowed = `at most ${252 - longest} characters: "<service>.<namespace>" is a DNS name, which has 253 at most`;
    return [{ path: [...path, "namespace", key], allowed }];
  });
}

/** To IAM, "Team" and "team" are one key, and it rejects a role that has both. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
function tagKeys(path: string[], { tags = {}, defaultTags }: EnvironmentParts): Finding[] {
  const keys = Object.keys(tags);
  const all = [
    ...Object.keys(ownTags("", { defaultTags: defaultTags as Record<string, string> | undefined })),
    ...keys,
  ];
  return keys.flatMap((key): Finding[] => {
    const first = all.find((other) => other.toLowerCase() === key.toLowerCase());
    if (first === undefined || first === key) return [];
    const allowed = `only one of the two: to IAM they are the same key`;
    return [{ path: [...path, "tags", key], found: `the key "${key}" next to "${first}"`, allowed }];
  });
}
