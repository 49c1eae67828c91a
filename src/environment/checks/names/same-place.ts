import { accountOf } from "../../../aws/arn";
import type { EnvironmentParts } from "../../schema/schema";

/** Where an environment puts its resources, as far as its file says. */
export interface Place extends Pick<EnvironmentParts, "account" | "region" | "namespace"> {
  readonly environment: string;
  /** What identifies its VPC: the id, or the tags that it is looked up by. */
  readonly vpc: string | undefined;
  readonly ecsCluster: string | undefined;
}

/** @param environment the environment's name. */
export function placeOf(environment: string, parts: EnvironmentParts): Place {
  const { account = accountOf(parts.assumeRole?.roleArn), region, vpc, ecsCluster, namespace } = parts;
  const tags = Object.entries(vpc?.tags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    environment,
    account,
    region,
    namespace,
    vpc: vpc?.id ?? (tags.length > 0 ? JSON.stringify(tags) : undefined),
    ecsCluster: ecsCluster?.name ?? ecsCluster?.create,
  };
}

/** Whether two environments can be in one AWS account: they can, unless both state an account and it differs. */
export const mayShareAccount = (here: Place, there: Place): boolean =>
  here.account === undefined || there.account === undefined || here.account === there.account;

/** Whether two environments look up or create their resources in one VPC. */
export const sameVpc = (here: Place, there: Place): boolean =>
  here.region === there.region && here.vpc !== undefined && here.vpc === there.vpc;

/** The DNS name of an environment's namespace. */
export const namespaceOf = ({ namespace }: Place): string | undefined => namespace?.create ?? namespace?.existing;

/**
 * Whether services of two places are registered in one namespace: always within one environment. An existing namespace is
 * looked up by name in the region; two environments that create one namespace are an error of their own.
 */
export function sameNamespace(here: Place, there: Place): boolean {
  if (here.environment === there.environment) return true;
  const name = namespaceOf(here);
  if (name === undefined || name !== namespaceOf(there) || here.region !== there.region) return false;
  return [here, there].some(({ namespace }) => namespace?.existing !== undefined);
}
