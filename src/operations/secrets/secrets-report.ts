import { json, type Markup } from "../../foreign-text";
import { advice } from "../../advice";
import type { DeployedEnvironment } from "../deployed-environment";
import { type RotationStep, rotationSteps } from "../../certificates/node-certificates";
import type { CertificateChange } from "./certificate-secrets";
import { isCertificates, isCookie, type ManagedSecret, type Secret, usedAs } from "./secret-uses";
import type { PlannedSecret, SecretResult } from "./secrets";

const changeInWords: Readonly<Record<Exclude<CertificateChange, "create">, string>> = {
  renew: "a new key and certificate for nodes, of the same authority",
  ...(Object.fromEntries(
    rotationSteps.map((step, at) => [step, `step ${at + 1} of ${rotationSteps.length}, ${step}`]),
  ) as Readonly<Record<RotationStep, string>>),
};

/** What a run will write, one on each line; empty when there is nothing to write. */
export const secretsPlan = (planned: readonly PlannedSecret[]): string =>
  planned
    .filter(({ action }) => action)
    .map(({ action, secret, certificates }) => {
      const step = certificates === undefined || certificates === "create" ? "" : `: ${changeInWords[certificates]}`;
      return `will ${action}  ${secret.parameter} (${usedAs(secret)})${step}`;
    })
    .join("\n");

/** 0 when every secret exists, 1 when one is missing or not encrypted, 2 when one couldn't be written. */
export function secretsExitCode(results: readonly SecretResult[]): number {
  if (results.some(({ state }) => state === "failed" || state === "not tried")) return 2;
  return results.every(({ state }) => state !== "missing" && state !== "not encrypted") ? 0 : 1;
}

/** The results as JSON, without any value. */
export const secretsJson = (results: readonly SecretResult[]): Markup<"json"> =>
  json(
    results.map(({ secret: { parameter, variables, uses, kmsKeyArns }, state, failure, uncertain }) => ({
      parameter,
      variables,
      environments: [...new Set(uses.map(({ environment }) => environment.name))],
      ...(kmsKeyArns[0] ? { kmsKeyArn: kmsKeyArns[0] } : {}),
      state,
      ...(failure === undefined ? {} : { failure }),
      ...(uncertain ? { uncertain } : {}),
      ...(isNew({ state, uncertain }) ? { deploy: deployCommands([{ uses }]) } : {}),
    })),
    2,
  );

/** The state of each secret, one on each line, and what to do next. */
export function secretsReport(environment: DeployedEnvironment, results: readonly SecretResult[]): string {
  const width = Math.max(...results.map(({ state }) => state.length));
  const lines = results.map(({ state, secret }) => `${state.padEnd(width)}  ${secret.parameter} (${usedAs(secret)})`);
  const changed = results.filter(isNew);
  const texts = [
    ...results.flatMap((result) => adviceOn(environment, result)),
    ...(changed.length > 0 ? [nextSteps(environment, changed)] : []),
  ];
  return [...lines, ...texts.flatMap((text) => ["", text])].join("\n");
}

/** Whether running tasks have, or may have, an older value. */
const isNew = ({ state, uncertain }: Pick<SecretResult, "state" | "uncertain">): boolean =>
  state === "rotated" || uncertain === true;

function missingSecret(region: string, { name, key }: ManagedSecret, kmsKeyArn: string | undefined): string {
  const missing = "is missing in Secrets Manager. Write it yourself";
  const kept = "the value out of the shell's history and of ps:";
  if (key === undefined)
    return `${name} ${missing}. This command keeps ${kept}\n  ${advice.createSecret(region, name, kmsKeyArn)}`;
  return (
    `The key ${key} of ${name} ${missing}. If there is no such secret at all, create it first:\n` +
    `  ${advice.createEmptySecret(region, name, kmsKeyArn)}\n` +
    `This command keeps the other keys as they are, and ${kept}\n  ${advice.putSecretKey(region, name, key)}`
  );
}

function adviceOn({ options }: DeployedEnvironment, { state, failure, uncertain, secret }: SecretResult): string[] {
  const { parameter } = secret;
  const { region } = options;
  switch (state) {
    case "elsewhere":
      return [
        `${parameter} was not looked up: it may be in another account or region, or isn't the current version. Its owner writes it.`,
      ];
    case "missing":
      if (secret.managed) return [missingSecret(region, secret.managed, secret.kmsKeyArns[0])];
      return [
        `${parameter} is missing. Write it yourself. This command keeps the value out of the shell's history and of ps:\n` +
          `  ${advice.putParameter(region, parameter, secret.kmsKeyArns[0])}`,
      ];
    case "not encrypted":
      return [
        `${parameter} is not a SecureString: anyone who may read parameters can read it, and SSM can't change a parameter's type.\n` +
          `Delete it, and run this again: ${advice.deleteParameter(region, parameter)}`,
      ];
    case "failed":
      return [
        `${parameter} was not written: ${failure}` +
          (uncertain
            ? "\nAWS gave no clear answer, so the parameter may have the new value: deploy as if it had."
            : ""),
      ];
    default:
      return [];
  }
}

/** What to deploy after a rotation, each service once. */
function nextSteps(environment: DeployedEnvironment, results: readonly SecretResult[]): string {
  const secrets = results.map(({ secret }) => secret);
  const cookies = secrets.filter(isCookie);
  const others = secrets.filter((secret) => !isCookie(secret) && !isCertificates(secret));
  const step = results.flatMap(({ certificates }) => (certificates ? [certificates] : []))[0];
  const uses = secrets.flatMap((secret) => secret.uses);
  const peers = [
    ...new Set(
      cookies.flatMap((secret) => secret.uses.flatMap(({ environment }) => Object.keys(environment.options.peers))),
    ),
  ];
  return [
    ...cookies.map(
      (secret) =>
        `The cookie in ${secret.parameter} (${usedAs(secret)}) is new. Tasks read it when they start, and old and new nodes refuse each other:\n` +
        "until the last old task has ended there are two clusters.",
    ),
    ...others.map((secret) => `${secret.parameter} (${usedAs(secret)}) is new. Tasks read it when they start.`),
    ...results.flatMap(({ secret, certificates }) =>
      certificates === undefined || certificates === "create"
        ? []
        : [
            `The certificates in ${secret.parameter} (${usedAs(secret)}) are new: ${changeInWords[certificates]}. Tasks read them when they start,\n` +
              "and old and new nodes accept each other.",
          ],
    ),
    "In this order:",
    ...(peers.length > 0
      ? [`  (tell the owners of ${peers.join(", ")}: their nodes need the same cookie at the same time)`]
      : []),
    ...deployCommands(secrets).map((command) => `  ${command}`),
    ...[...new Set(uses.map(({ environment }) => advice.doctorWatch(environment)))].map(
      (command) => `  ${command}   # until no task is older than its secrets`,
    ),
    ...(step !== undefined && isFollowed(step) ? [`  ${advice.rotateAuthority(environment)}   # the next step`] : []),
  ].join("\n");
}

const isFollowed = (change: CertificateChange): boolean => rotationSteps.slice(0, -1).some((step) => step === change);

/** The commands that replace every task that reads one of the secrets, each service once. */
const deployCommands = (secrets: readonly Pick<Secret, "uses">[]): string[] => [
  ...new Set(
    secrets
      .flatMap(({ uses }) => uses)
      .map(({ environment: { cluster, options }, service: { ecsService: service } }) =>
        advice.redeployService({ region: options.region, cluster, service }),
      ),
  ),
];
