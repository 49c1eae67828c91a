import { parseS3Object } from "../../../aws/arn";
import { isObject } from "../../../environment/values";
import type { StoredSecret } from "../../local-aws/prerequisites/stored-secrets";
import { type Block, literalText } from "./blocks";

/** What a layout reads and doesn't create, each once. */
export interface ReadSecrets {
  /** Names of SSM parameters, or their ARNs. */
  readonly parameters: readonly string[];
  readonly managed: readonly StoredSecret[];
  /** Objects in S3. */
  readonly files: readonly { readonly bucket: string; readonly key: string }[];
}

/** One place that reads something of a secret in Secrets Manager. */
interface ManagedUse {
  readonly name: string;
  readonly keys?: readonly string[];
  readonly stage?: string | undefined;
}

/**
 * The parameters, secrets and environment files that data sources, ephemeral reads and container definitions name literally.
 * A reference to a data source of Secrets Manager is followed.
 */
export function readSecrets(blocks: readonly Block[]): ReadSecrets {
  const containers = blocks.flatMap(containersOf);
  const read = blocks.filter(({ kind }) => kind !== "resource");
  const valuesFrom = containers.flatMap(valuesFromOf);
  const made = (type: string, key: string) => new Set(namesOfMade(blocks, type, key));
  const parameters = distinct([
    ...read.filter(({ type }) => type === "aws_ssm_parameter").flatMap(({ values }) => parameterOf(values)),
    ...valuesFrom.flatMap(parameterIn),
  ]);
  const ownParameters = made("aws_ssm_parameter", "name");
  const uses = [
    ...read.flatMap((block) => managedUse(block, read)),
    ...valuesFrom.flatMap((valueFrom) => selected(valueFrom, read)),
    ...containers.flatMap((container) => credentials(container, read)),
  ];
  const ownSecrets = made("aws_secretsmanager_secret", "name");
  const files = [...read.flatMap(objectIn), ...containers.flatMap(environmentFilesOf)];
  const ownBuckets = made("aws_s3_bucket", "bucket");
  return {
    parameters: parameters.filter((name) => !ownParameters.has(name) && !ownParameters.has(`/${name}`)),
    managed: storedSecrets(uses.filter(({ name }) => !ownSecrets.has(name))),
    files: [...new Map(files.map((file) => [`${file.bucket}/${file.key}`, file])).values()].filter(
      ({ bucket }) => !ownBuckets.has(bucket),
    ),
  };
}

function storedSecrets(uses: readonly ManagedUse[]): StoredSecret[] {
  return distinct(uses.map(({ name }) => name)).map((name) => {
    const own = uses.filter((use) => use.name === name);
    const stages = distinct(own.flatMap(({ stage }) => stage ?? []));
    return {
      name,
      keys: distinct(own.flatMap(({ keys = [] }) => keys)),
      stages: stages.filter((stage) => stage !== "AWSCURRENT"),
    };
  });
}

const distinct = (texts: readonly string[]) => [...new Set(texts)];

const namesOfMade = (blocks: readonly Block[], of: string, key: string): string[] =>
  blocks.flatMap(({ kind, type, values }) =>
    kind === "resource" && type === of ? (literalText(values[key]) ?? []) : [],
  );

/** A data source has a name, and an ephemeral read an ARN. */
const parameterOf = ({ name, arn }: Block["values"]): string[] =>
  [name, arn].flatMap((value) => (typeof value === "string" ? parameterIn(value) : []));

/**
 * The parameter that a `valueFrom` or an ARN names, without the version or label behind it. An ARN whose account and Region
 * are references is of this account and Region.
 */
function parameterIn(valueFrom: string): string[] {
  const [, owner, resource] = /^(arn:[^:]*:ssm:[^:]*:[^:]*:parameter)(\/[^:]+)/.exec(valueFrom) ?? [];
  const name = owner === undefined ? /^[^:]+/.exec(valueFrom)?.[0] : resource;
  if (name === undefined || literalText(name) === undefined || valueFrom.includes(":secretsmanager:")) return [];
  if (owner === undefined) return [name];
  if (literalText(owner) !== undefined) return [`${owner}${resource}`];
  return [name.indexOf("/", 1) > 0 ? name : name.slice(1)];
}

function managedUse({ type, values }: Block, read: readonly Block[]): ManagedUse[] {
  if (type === "aws_secretsmanager_secret") {
    const name = literalText(values["name"]) ?? literalText(values["arn"]);
    return name === undefined ? [] : [{ name }];
  }
  if (type !== "aws_secretsmanager_secret_version") return [];
  const [name] = selected(String(values["secret_id"]), read).map((use) => use.name);
  return name === undefined ? [] : [{ name, stage: literalText(values["version_stage"]) }];
}

/** `arn:…:secret:name-AbCdEf:key:stage:version`, whose ARN may be a reference to a data source. */
function selected(valueFrom: string, read: readonly Block[]): ManagedUse[] {
  const reference = /^\$\{data\.aws_secretsmanager_secret\.([\w-]+)\.(?:arn|id)\}/.exec(valueFrom);
  const literal = /^arn:[^:$]*:secretsmanager:[^:$]*:[^:$]*:secret:[^:$]+/.exec(valueFrom);
  const source = read.find(({ type, name }) => type === "aws_secretsmanager_secret" && name === reference?.[1]);
  const name = literal?.[0] ?? literalText(source?.values["name"]) ?? literalText(source?.values["arn"]);
  if (name === undefined) return [];
  const [key, stage] = valueFrom
    .slice((literal ?? reference)![0].length + 1)
    .split(":")
    .map((part) => literalText(part) || undefined);
  return [{ name, keys: key === undefined ? [] : [key], stage }];
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html */
function credentials({ repositoryCredentials }: Container, read: readonly Block[]): ManagedUse[] {
  const uses = selected(String(repositoryCredentials?.credentialsParameter), read);
  return uses.map(({ name }) => ({ name, keys: ["username", "password"] }));
}

/** The part of a container definition that names what ECS reads. */
interface Container {
  readonly secrets?: readonly { readonly valueFrom: string }[];
  readonly environmentFiles?: readonly { readonly value: string }[];
  readonly repositoryCredentials?: { readonly credentialsParameter: string };
  readonly logConfiguration?: { readonly secretOptions?: readonly { readonly valueFrom: string }[] };
}

/** Containers of a task definition whose JSON is text, as CDKTF writes it. */
function containersOf({ kind, type, values }: Block): Container[] {
  const { container_definitions: text } = values;
  if (kind !== "resource" || type !== "aws_ecs_task_definition" || typeof text !== "string") return [];
  try {
    const containers: unknown = JSON.parse(text);
    return Array.isArray(containers) ? containers.filter((each): each is Container => isObject(each)) : [];
  } catch {
    return [];
  }
}

const valuesFromOf = ({ secrets = [], logConfiguration }: Container): string[] =>
  [...secrets, ...(logConfiguration?.secretOptions ?? [])].map(({ valueFrom }) => valueFrom);

function environmentFilesOf({ environmentFiles = [] }: Container): ReadSecrets["files"][number][] {
  return environmentFiles.flatMap(({ value }) => {
    const file = parseS3Object(literalText(value) ?? "");
    return file ? [{ bucket: file.bucket, key: file.key }] : [];
  });
}

function objectIn({ type, values }: Block): ReadSecrets["files"][number][] {
  const bucket = literalText(values["bucket"]);
  const key = literalText(values["key"]);
  return type !== "aws_s3_object" || bucket === undefined || key === undefined ? [] : [{ bucket, key }];
}
