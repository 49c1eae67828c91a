import { block, blocks, flag, text } from "../../read/value";
import type { Resource } from "../../read/resources";
import type { Check, Problem, Subject } from "../check";
import { looksSecret, namesSecret } from "../../../secret-values";

export const secretInPlan: Check = {
  id: "secret-in-plan",
  title: "A secret can be read in the plan and the state",
  severity: "error",
  rationale:
    "Plans are in CI artifacts, and states are in buckets. Anyone who can read them has the secret; with the cookie, they have access to the cluster.",
  remediation:
    "Read an SSM parameter with with_decryption = false (or only its ARN) and let ECS inject it. Don't create secrets with Terraform, or create them with ephemeral resources and write-only arguments. Push images in a separate job of the pipeline, with docker login or a credential helper, and give Terraform the image's digest.",
  limitations:
    "In synthesized JSON a parameter counts when a container's secret refers to it, since its type isn't known there.",
  sources: [
    "https://developer.hashicorp.com/terraform/language/manage-sensitive-data",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/ssm_parameter",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/ecr_authorization_token",
  ],
  *find(subject) {
    for (const resource of subject.resources.all()) yield* inResource(resource, subject);
    for (const [name, value] of subject.variables)
      if (
        namesSecret(name) &&
        typeof value === "string" &&
        value !== "" &&
        !value.startsWith("arn:") &&
        !value.startsWith("/")
      )
        yield { address: `var.${name}`, message: `the plan contains the value of variable ${name}` };
  },
};

/** Attributes that hold the secret itself, by kind of resource. */
const holders = new Map<string, readonly string[]>([
  ["data.aws_secretsmanager_secret_version", ["secret_string"]],
  ["data.aws_secretsmanager_random_password", ["random_password"]],
  ["data.aws_kms_secrets", ["plaintext"]],
  ["aws_secretsmanager_secret_version", ["secret_string"]],
]);

/** Data sources that read a password for some hours, and what may be done with it meanwhile. */
const passwords = new Map([
  [
    "aws_ecr_authorization_token",
    "ECR's password can be read in the plan and the state: for 12 hours it pushes images",
  ],
  [
    "aws_ecrpublic_authorization_token",
    "the public registry's password can be read in the plan and the state: for 12 hours it pushes images",
  ],
  [
    "aws_codeartifact_authorization_token",
    "CodeArtifact's token can be read in the plan and the state: for up to 12 hours it reads and publishes packages",
  ],
  [
    "aws_eks_cluster_auth",
    "the cluster's token can be read in the plan and the state: for 15 minutes it opens Kubernetes",
  ],
]);

function* inResource(resource: Resource, subject: Subject): Generator<Problem> {
  const { address, type, mode, values } = resource;
  if (type === "aws_ssm_parameter") yield* inParameter(resource, subject);
  if (type === "random_password")
    yield { address, message: "Terraform creates this password, so the state contains it" };
  const password = mode === "data" ? passwords.get(type) : undefined;
  // It ends by itself, which the cookie doesn't.
  if (password !== undefined) yield { address, message: password, severity: "warning" };
  if (type === "docker_image") yield* inBuildArguments(resource);
  for (const attribute of holders.get(mode === "data" ? `data.${type}` : type) ?? [])
    if (text(values[attribute])) yield { address, message: `its ${attribute} can be read in the plan and the state` };
}

/** Docker keeps them in the image's history as well. Source: https://docs.docker.com/build/building/secrets/ */
function* inBuildArguments({ address, values }: Resource): Generator<Problem> {
  for (const build of blocks(values.build))
    for (const argument of ["build_args", "build_arg"])
      for (const [name, value] of Object.entries(block(build[argument]) ?? {})) {
        const because = looksSecret(name, text(value) ?? "");
        if (because)
          yield { address, message: `build argument ${name} can be read in the plan and the image, and ${because}` };
      }
}

function* inParameter(resource: Resource, subject: Subject): Generator<Problem> {
  const { address, mode, values } = resource;
  const value = text(values.value);
  // A secret in a parameter of the wrong type is in the plan unencrypted.
  if (values.type === "String" && value && looksSecret((text(values.name) ?? "").replace(/\W+/g, "_"), value))
    yield {
      address,
      message: "it looks like a secret of type String: its value can be read in the plan and the state",
    };
  if (mode === "managed") {
    if (values.type === "SecureString" && value)
      yield { address, message: "its value can be read in the plan and the state" };
    return;
  }
  if (flag(values.with_decryption) === false) return;
  if (values.type === "SecureString" && value)
    yield { address, message: "the decrypted value can be read in the plan and the state" };
  if (values.type === undefined && isInjected(address, subject))
    yield {
      address,
      message: "its decrypted value will be in plan and state: with_decryption defaults to true",
    };
}

function isInjected(address: string, { services }: Subject): boolean {
  return services.some(
    ({ containers }) =>
      "known" in containers &&
      containers.known.some(({ secrets }) => [...secrets.values()].some((from) => from.includes(`${address}.`))),
  );
}
