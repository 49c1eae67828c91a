import type { Aws } from "../../aws/sdk/clients";
import { awsFailure } from "../aws-failure";
import type { DeployedEnvironment } from "../deployed-environment";
import { askNodes, type NodeView, type Transport } from "./ask-nodes";
import { type Finding, unchecked } from "./findings/finding";
import { certificateFindings } from "./findings/certificate-findings";
import { managedSecretFindings } from "./findings/managed-secret-findings";
import { nodeFindings } from "./findings/node-findings";
import { type Observation, observe } from "./observation";
import { reachFindings } from "./findings/reach-findings";
import { dnsAnswer, registrationFindings } from "./findings/registration-findings";
import { secretFindings } from "./findings/secret-findings";
import { stopFindings } from "./findings/stop-findings";
import { taskFindings } from "./findings/task-findings";
import { versionFindings } from "./findings/version-findings";

/** A service in numbers. */
export interface ServiceSummary {
  readonly name: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Instances in Cloud Map. */
  readonly registered: number;
  /** Number of addresses in one DNS answer, and the addresses it is chosen from. */
  readonly dns: { readonly holds: number; readonly candidates: readonly string[] };
  /** Ids of the security groups that new tasks get. */
  readonly securityGroups: readonly string[];
}

/** The configuration compared with what runs. */
export interface Diagnosis {
  readonly environment: string;
  readonly region: string;
  readonly cluster: string;
  /** ISO 8601. */
  readonly at: string;
  readonly services: readonly ServiceSummary[];
  readonly findings: readonly Finding[];
  /** The peers of each node, if nodes were asked. */
  readonly nodes?: readonly NodeView[];
}

/**
 * Compares an environment with what runs of it.
 *
 * @param ask how to ask nodes. @default no nodes are asked
 * @throws what the SDK throws when ECS can't be asked. Other failures of AWS become findings.
 */
export async function diagnose(aws: Aws, environment: DeployedEnvironment, ask?: Transport): Promise<Diagnosis> {
  const observations = await observe(aws, environment);
  const nodes = ask && (await askNodes(observations, ask));
  const findings = [
    ...observations.flatMap((observation) => taskFindings(environment, observation)),
    ...(await Promise.all(observations.map((observation) => stopFindings(aws, environment, observation)))).flat(),
    ...observations.flatMap((observation) => registrationFindings(environment, observation)),
    ...versionFindings(environment, observations),
    ...(await unlessRefused("security groups", reachFindings(aws, environment, observations))),
    ...(await unlessRefused("secrets", secretFindings(aws, environment, observations))),
    ...(await unlessRefused("certificates of nodes", certificateFindings(aws, environment))),
    ...(await unlessRefused("secrets in Secrets Manager", managedSecretFindings(aws, environment, observations))),
    ...(nodes ? nodeFindings(environment, nodes) : []),
  ];
  return {
    environment: environment.name,
    region: aws.region,
    cluster: environment.cluster,
    at: new Date().toISOString(),
    services: observations.map(summary),
    findings,
    ...(nodes ? { nodes } : {}),
  };
}

/** A missing permission must not hide all other findings. */
async function unlessRefused(what: string, findings: Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await findings;
  } catch (failure) {
    const why = awsFailure(failure);
    if (why === undefined) throw failure;
    return [unchecked(what, why)];
  }
}

function summary({ service, ecs, tasks, registrations = [] }: Observation): ServiceSummary {
  const running = tasks.filter(({ status }) => status === "RUNNING").length;
  return {
    name: service.name,
    desired: ecs?.desiredCount ?? 0,
    running,
    pending: tasks.filter(({ status }) => ["PROVISIONING", "PENDING", "ACTIVATING"].includes(status)).length,
    registered: registrations.length,
    dns: dnsAnswer(registrations),
    securityGroups: ecs?.networkConfiguration?.awsvpcConfiguration?.securityGroups ?? [],
  };
}

/** 0 everything matches, 1 something is wrong, 2 something couldn't be checked. */
export function exitCodeOf({ findings }: Diagnosis): number {
  if (findings.some(({ severity }) => severity === "error")) return 1;
  return findings.some(({ severity }) => severity === "unchecked") ? 2 : 0;
}
