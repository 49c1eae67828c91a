import type { DeployedEnvironment } from "./deployed-environment";
import type { SecretResult } from "./secrets";

/** Whether every secret is there as it should be. */
export const allThere = (results: readonly SecretResult[]): boolean =>
  results.every(({ state }) => state !== "missing" && state !== "not encrypted");

/** What became of each secret, a line each, and what is to be done next. */
export function secretsReport(environment: DeployedEnvironment, results: readonly SecretResult[]): string {
  const width = Math.max(...results.map(({ state }) => state.length));
  const lines = results.map(
    ({ state, parameter, variables }) => `${state.padEnd(width)}  ${parameter} (${variables.join(", ")})`,
  );
  const advice = results.flatMap((result) => adviceOn(environment, result));
  return [...lines, ...advice.flatMap((text) => ["", text])].join("\n");
}

function adviceOn(environment: DeployedEnvironment, { state, parameter, variables }: SecretResult): string[] {
  const { region } = environment.options;
  if (state === "missing") {
    return [
      `${parameter} is missing. Write it yourself; the value is asked for, not kept in the shell's history:\n` +
        `  read -rs VALUE && aws ssm put-parameter --region ${region} --type SecureString --name ${parameter} --value "$VALUE"`,
    ];
  }
  if (state === "not encrypted") {
    return [
      `${parameter} is no SecureString: whoever may read parameters can read it, and SSM changes no parameter's type.\n` +
        `Delete it, and run this again: aws ssm delete-parameter --region ${region} --name ${parameter}`,
    ];
  }
  return state === "rotated" ? [nextSteps(environment, parameter, variables)] : [];
}

function nextSteps(environment: DeployedEnvironment, parameter: string, variables: readonly string[]): string {
  const { name, cluster, services, options } = environment;
  const isCookie = variables.includes("RELEASE_COOKIE");
  const reads = services.filter((service) =>
    isCookie ? true : Object.values(service.options.secrets).some((secret) => secret.ssmParameter === parameter),
  );
  const deploy = reads.map(
    (service) =>
      `  aws ecs update-service --region ${options.region} --cluster ${cluster} --service ${service.ecsService} --force-new-deployment`,
  );
  const peers = Object.keys(options.peers);
  const because = isCookie
    ? `The cookie of ${name} is new in ${parameter}. Tasks take it when they start: old and new nodes don't mix, so until the last old\ntask has ended there are two clusters. In this order:`
    : `${variables.join(", ")} is new in ${parameter}. Tasks take it when they start:`;
  return [
    because,
    ...(isCookie && peers.length > 0
      ? [`  (tell the owners of ${peers.join(", ")}: their nodes need the same cookie at the same time)`]
      : []),
    ...deploy,
    `  npm run doctor -- ${name} --watch   # until no task is older than the ${isCookie ? "cookie" : "secret"}`,
  ].join("\n");
}
