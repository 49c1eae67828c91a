import { quote } from "../../problems";
import type { EnvironmentParts } from "../../schema/schema";
import { terraformCloudHost } from "../../schema/state-schema";
import { takenNames } from "./aws-names";
import type { Entry, Finding } from "../finding";
import { mayShareAccount, placeOf, sameVpc } from "./same-place";

/** What environments of one file must not share: a state, a namespace to create, a state bucket's settings, names in AWS. */
export function collisions(environments: readonly Entry[]): Finding[] {
  return [
    ...repeated(environments, sameState, sharedState),
    ...repeated(environments, sameNewNamespace, namespaceTwice),
    ...repeated(environments, differentBuckets, bucketTwice),
    ...takenNames(environments),
  ];
}

/** For each environment that collides with one before it, the problem of the two. */
function repeated(
  environments: readonly Entry[],
  collide: (here: EnvironmentParts, there: EnvironmentParts) => boolean,
  problem: (here: Entry, first: Entry) => Finding,
): Finding[] {
  return environments.flatMap((here, index) => {
    const first = environments.slice(0, index).find(([, there]) => collide(here[1], there));
    return first === undefined ? [] : [problem(here, first)];
  });
}

function stateOf({ state: { s3, cloud } = {} }: EnvironmentParts): string | undefined {
  if (s3?.bucket !== undefined && s3.key !== undefined) return JSON.stringify([s3.bucket, s3.key]);
  const name = cloud?.workspaces?.name;
  return name && JSON.stringify([cloud?.hostname ?? terraformCloudHost, cloud?.organization, name]);
}

const sameState = (here: EnvironmentParts, there: EnvironmentParts) =>
  stateOf(here) !== undefined && stateOf(here) === stateOf(there);

const sharedState = ([name]: Entry, [first]: Entry): Finding => ({
  path: ["environments", name, "state"],
  allowed: `a state of its own: "${first}" has the same, and each apply would destroy what the other one created`,
});

/** Source: https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html (ConflictingDomainExists) */
function sameNewNamespace(here: EnvironmentParts, there: EnvironmentParts): boolean {
  const created = here.namespace?.create;
  if (created === undefined || created !== there.namespace?.create) return false;
  const [a, b] = [placeOf("", here), placeOf("", there)];
  return mayShareAccount(a, b) && sameVpc(a, b);
}

const namespaceTwice = ([name]: Entry, [first]: Entry): Finding => ({
  path: ["environments", name, "namespace", "create"],
  allowed: `another name: "${first}" creates this one in the same VPC`,
});

/** The settings of a state bucket's own stack. */
function bucketStackOf({ state, region }: EnvironmentParts): Readonly<Record<string, string | undefined>> | undefined {
  const { bucket, kmsKeyId, roleArn, bucketStack, region: own } = state?.s3 ?? {};
  return bucketStack && { bucket, region: own ?? region, kmsKeyId, roleArn, bucketStack };
}

/** One bucket has one stack: of two environments that describe it differently, one would be ignored. */
function differentBuckets(here: EnvironmentParts, there: EnvironmentParts): boolean {
  const [a, b] = [bucketStackOf(here), bucketStackOf(there)];
  return a !== undefined && b !== undefined && a.bucket === b.bucket && JSON.stringify(a) !== JSON.stringify(b);
}

function bucketTwice([name, here]: Entry, [first, there]: Entry): Finding {
  const [a, b] = [bucketStackOf(here)!, bucketStackOf(there)!];
  const differing = Object.keys({ ...a, ...b }).filter((key) => a[key] !== b[key]);
  const listed = (of: typeof a) => differing.map((key) => `${key} ${of[key] ? quote(of[key]) : "not set"}`).join(", ");
  return {
    path: ["environments", name, "state", "s3"],
    found: listed(a),
    allowed: `the same as "${first}" has for the bucket ${quote(a.bucket)}, which one stack creates: ${listed(b)}`,
  };
}
