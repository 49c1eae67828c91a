import { takenNames } from "./aws-names";
import { entries, isObject, type Json, within } from "../entries";
import { type Problem, quote } from "../problems";
import { mayShareAccount, placeOf, sameVpc } from "./same-place";

/** What environments of one file must not share: a state, a namespace to create, a state bucket's settings, names in AWS. */
export function collisions(file: unknown): Problem[] {
  const environments = entries(file);
  return [
    ...repeated(environments, sameState, sharedState),
    ...repeated(environments, sameNewNamespace, namespaceTwice),
    ...repeated(environments, differentBuckets, bucketTwice),
    ...takenNames(environments),
  ];
}

type Entry = readonly [name: string, options: Json];

/** For each environment that collides with one before it, the problem of the two. */
function repeated(
  environments: readonly Entry[],
  collide: (here: Json, there: Json) => boolean,
  problem: (here: Entry, first: Entry) => Problem,
): Problem[] {
  return environments.flatMap((here, index) => {
    const first = environments.slice(0, index).find(([, there]) => collide(here[1], there));
    return first === undefined ? [] : [problem(here, first)];
  });
}

function stateOf({ state }: Json): string | undefined {
  const [bucket, key] = [within(state, "s3", "bucket"), within(state, "s3", "key")];
  if (typeof bucket === "string" && typeof key === "string") return JSON.stringify([bucket, key]);
  const name = within(state, "cloud", "workspaces", "name");
  if (typeof name !== "string") return undefined;
  const [organization, hostname = "app.terraform.io"] = ["organization", "hostname"].map((key) =>
    within(state, "cloud", key),
  );
  return JSON.stringify([hostname, organization, name]);
}

const sameState = (here: Json, there: Json) => stateOf(here) !== undefined && stateOf(here) === stateOf(there);

const sharedState = ([name, { state }]: Entry, [first]: Entry): Problem => ({
  path: ["environments", name, "state"],
  found: quote(state),
  allowed: `a state of its own: "${first}" has the same, and each apply would destroy what the other one made`,
});

/** Source: https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html (ConflictingDomainExists) */
function sameNewNamespace(here: Json, there: Json): boolean {
  const created = within(here.namespace, "create");
  if (created === undefined || created !== within(there.namespace, "create")) return false;
  const [a, b] = [placeOf("", here), placeOf("", there)];
  return mayShareAccount(a, b) && sameVpc(a, b);
}

const namespaceTwice = ([name, { namespace }]: Entry, [first]: Entry): Problem => ({
  path: ["environments", name, "namespace", "create"],
  found: quote(within(namespace, "create")),
  allowed: `another name: "${first}" creates this one in the same VPC`,
});

/** What a state bucket's own stack is made of. */
function bucketStackOf({ state, region }: Json): Json | undefined {
  const s3 = within(state, "s3");
  if (!isObject(s3) || s3.bucketStack === undefined) return undefined;
  const { bucket, kmsKeyId, roleArn, bucketStack } = s3;
  return { bucket, region: s3.region ?? region, kmsKeyId, roleArn, bucketStack };
}

/** One bucket has one stack: two environments that describe it differently would have one of them ignored. */
function differentBuckets(here: Json, there: Json): boolean {
  const [a, b] = [bucketStackOf(here), bucketStackOf(there)];
  return a !== undefined && b !== undefined && a.bucket === b.bucket && JSON.stringify(a) !== JSON.stringify(b);
}

function bucketTwice([name, here]: Entry, [first, there]: Entry): Problem {
  const [a, b] = [bucketStackOf(here)!, bucketStackOf(there)!];
  const differing = Object.keys({ ...a, ...b }).filter((key) => a[key] !== b[key]);
  return {
    path: ["environments", name, "state", "s3"],
    found: differing.map((key) => `${key} ${a[key] === undefined ? "not set" : quote(a[key])}`).join(", "),
    allowed:
      `the same as "${first}" has for the bucket ${quote(a.bucket)}, which one stack makes: ` +
      differing.map((key) => `${key} ${b[key] === undefined ? "not set" : quote(b[key])}`).join(", "),
  };
}
