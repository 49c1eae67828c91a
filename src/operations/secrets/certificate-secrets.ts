import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { advice } from "../../advice";
import {
  certificateParameters,
  certificatesFrom,
  type CertificateTexts,
  createCertificates,
  type NodeCertificates,
  nextRotationStep,
  reissue,
  rotateAuthority,
  type RotationStep,
  textsOf,
} from "../../certificates/node-certificates";
import type { Aws } from "../../aws/sdk/clients";
import { existingParameters } from "../../aws/sdk/parameters";
import { UserError } from "../../user-error";
import { tasksOf } from "../tasks";
import type { Secret } from "./secret-uses";

/** What a run does with the certificates of nodes. */
export type CertificateChange = "create" | "renew" | RotationStep;

/** Attributes that a new value of a parameter keeps, or gets. */
interface Attributes {
  readonly KeyId?: string | undefined;
  readonly Description?: string | undefined;
  readonly AllowedPattern?: string | undefined;
}

/**
 * The next step of a rotation of the authority.
 *
 * @throws UserError when tasks still run with what the parameter contained before: they don't know the step before this one.
 */
export async function planRotation(aws: Aws, secret: Secret): Promise<RotationStep> {
  const [nodes] = await existingParameters(aws, [secret.parameter], true);
  const step = nextRotationStep(certificatesIn(secret.parameter, nodes?.Value ?? ""));
  if (step !== "trust the new authority") await refuseWhileOlderTasksRun(aws, secret, nodes?.LastModifiedDate);
  return step;
}

/** Writes new certificates. A write that fails in between can be repeated: no running node depends on what it has written. */
export async function writeCertificates(
  aws: Aws,
  secret: Secret,
  change: CertificateChange,
  kept: Attributes,
): Promise<void> {
  const parameters = certificateParameters(secret.parameter);
  const name = secret.uses[0]!.environment.name;
  const found = await existingParameters(aws, [parameters.nodes, parameters.authority], true);
  const text = (parameter: string) => found.find(({ Name }) => Name === parameter)?.Value ?? "";
  const current =
    change === "create"
      ? undefined
      : certificatesIn(secret.parameter, text(parameters.nodes), text(parameters.authority));
  const texts = textsOf(await changed(name, change, current, text(parameters.authority)));
  const put = (which: keyof CertificateTexts, options: Attributes & { readonly Overwrite: boolean }) =>
    aws.ssm.send(
      new PutParameterCommand({
        ...{ Name: parameters[which], Value: texts[which] },
        Type: which === "public" ? "String" : "SecureString",
        ...options,
      }),
    );
  const { KeyId } = kept;
  const key = KeyId === undefined ? {} : { KeyId };
  // Of two commands that create certificates, the second one must not replace the first one's authority. Later, an authority
  // that nodes are to trust must be known before they do.
  if (change === "create") await put("nodes", { ...key, Overwrite: false });
  await put("authority", { ...key, Overwrite: true });
  if (change !== "create") await put("nodes", { ...kept, Overwrite: true });
  await put("public", { Overwrite: true });
}

function changed(
  name: string,
  change: CertificateChange,
  current: NodeCertificates | undefined,
  authority: string,
): Promise<NodeCertificates> {
  const now = new Date();
  if (current === undefined) return createCertificates(name, now, authority);
  return change === "renew" ? reissue(name, current, now) : rotateAuthority(name, current, now);
}

function certificatesIn(parameter: string, nodes: string, authority?: string): NodeCertificates {
  try {
    return certificatesFrom(nodes, authority);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${parameter} can't be read. ${error.message}`);
  }
}

async function refuseWhileOlderTasksRun(aws: Aws, { parameter, uses }: Secret, since: Date | undefined): Promise<void> {
  if (since === undefined) return;
  const services = new Map(uses.map((use) => [`${use.environment.name} ${use.service.name}`, use]));
  for (const { environment, service } of services.values()) {
    const { cluster, options } = environment;
    const tasks = await tasksOf(aws, cluster, service.ecsService, "RUNNING").catch(ifNotDeployed);
    const older = tasks.filter(({ startedAt }) => startedAt === undefined || startedAt < since);
    if (older.length === 0) continue;
    const redeploy = advice.redeployService({ region: options.region, cluster, service: service.ecsService });
    throw new UserError(
      `The next step of the rotation must wait: ${older.length} of ${tasks.length} tasks of ${service.name} started before ${parameter} was last changed ` +
        `(${since.toISOString()}), and would refuse the nodes that start after it. Replace them first:\n  ${redeploy}`,
    );
  }
}

function ifNotDeployed(error: Error): [] {
  if (/^(ClusterNotFound|ServiceNotFound)Exception$/.test(error.name)) return [];
  throw error;
}
