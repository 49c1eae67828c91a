import { ownTags } from "../../aws/names";
import { type Problem, quote } from "../problems";
import type { EnvironmentParts, ServiceParts } from "../schema/schema";
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
import { build, httpPort, name, type Place, size } from "./service";
import { certificates, cookie, repeated, secrets } from "./service/secrets";
import { capacity, scaledTasks } from "./service/tasks";
import { unusableTexts } from "./texts";
import { reservedVariables, secretBuildArguments } from "./variables";
import { vpc } from "./vpc";
import { web } from "./service/web";

const environmentChecks: readonly ((path: string[], environment: EnvironmentParts) => Finding[])[] = [
  peerNames,
  alarms,
  clusters,
  dnsNames,
  tagKeys,
  vpc,
  cookie,
  (path, environment) => certificates(path, environment, environment),
  organization,
];

type ServiceCheck = (place: Place, options: ServiceParts, environment: EnvironmentParts, file: unknown) => Finding[];

const serviceChecks: readonly ServiceCheck[] = [
  name,
  size,
  build,
  secretBuildArguments,
  scaledTasks,
  capacity,
  percentages,
  trafficShift,
  ({ path }, { healthCheck }) => healthCheckTimes([...path, "healthCheck"], healthCheck || undefined),
  containers,
  sameImages,
  httpPort,
  web,
  (place, options, _environment, file) => pollingInterval(place, options, file),
  reservedVariables,
  secrets,
  ({ path }, options, environment) => certificates(path, options, environment),
  repeated,
];

/**
 * Checks what no single field can tell: sizes that don't go together, peers that don't exist, names that grow too long.
 *
 * @param file the file as it is written. @param environments its valid parts, with defaults filled in.
 */
export function inconsistencies(
  file: unknown,
  environments: Readonly<Record<string, EnvironmentParts | undefined>>,
): Problem[] {
  const findings = present(environments).flatMap(([environment, parts]) => {
    const path = ["environments", environment];
    return [
      ...environmentChecks.flatMap((check) => check(path, parts)),
      ...present(parts.services).flatMap(([service, options]) => {
        const place = { path: [...path, "services", service], environment, service };
        return serviceChecks.flatMap((check) => check(place, options, parts, file));
      }),
    ];
  });
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
const maxNameLength = 253;

/** Source: RFC 1035, section 2.3.4; Route 53 counts 255 octets with the length bytes, 253 characters. */
function dnsNames(path: string[], { services = {}, namespace = {} }: EnvironmentParts): Finding[] {
  // A longer name than a label can have is an error of its own.
  const longest = Math.max(0, ...Object.keys(services).map(({ length }) => (length > maxLabelLength ? 0 : length)));
  return present(namespace).flatMap(([key, value]) => {
    const max = maxNameLength - longest - 1;
    if (value.length <= max) return [];
    const allowed = `at most ${max} characters: "<service>.<namespace>" is a DNS name, which has ${maxNameLength} at most`;
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
