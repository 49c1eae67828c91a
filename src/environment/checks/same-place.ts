import { isObject, type Json, within } from "../entries";

/** Where an environment puts its resources, as far as its file says. */
export interface Place {
  readonly environment: string;
  /** The AWS account; `undefined` when the file doesn't say. */
  readonly account: string | undefined;
  readonly region: unknown;
  /** What tells one VPC from another: its id, or the tags it is looked up by. */
  readonly vpc: string | undefined;
  readonly ecsCluster: unknown;
  readonly namespace: unknown;
}

/** @param environment the environment's name. @param options what the file says of it, which may be wrong anywhere. */
export function placeOf(environment: string, { account, region, vpc, ecsCluster, namespace }: Json): Place {
  return {
    environment,
    account: typeof account === "string" ? account : undefined,
    region,
    vpc: vpcOf(vpc),
    ecsCluster: within(ecsCluster, "name") ?? within(ecsCluster, "create"),
    namespace,
  };
}

function vpcOf(vpc: unknown): string | undefined {
  const id = within(vpc, "id");
  if (typeof id === "string") return id;
  const tags = within(vpc, "tags");
  return !isObject(tags) ? undefined : JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether two environments can be in one AWS account: they are unless both say which one, and it differs. */
export const mayShareAccount = (here: Place, there: Place): boolean =>
  here.account === undefined || there.account === undefined || here.account === there.account;

/** Whether two environments look up or create their resources in one VPC. */
export const sameVpc = (here: Place, there: Place): boolean =>
  here.region === there.region && here.vpc !== undefined && here.vpc === there.vpc;

/** The DNS name of an environment's namespace. */
export const namespaceOf = ({ namespace }: Place): unknown =>
  within(namespace, "create") ?? within(namespace, "existing");

/**
 * Whether services of two places are registered in one namespace: always within one environment. An existing namespace is
 * looked up by name in the region; that two environments create one namespace is an error of its own.
 */
export function sameNamespace(here: Place, there: Place): boolean {
  if (here.environment === there.environment) return true;
  const name = namespaceOf(here);
  if (name === undefined || name !== namespaceOf(there) || here.region !== there.region) return false;
  return [here, there].some(({ namespace }) => within(namespace, "existing") !== undefined);
}
