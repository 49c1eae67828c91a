import { taskEndpoints } from "../../aws/network/task-endpoints";
import type { Containers } from "../cluster/node/containers";
import { permissionsOf, roleOf } from "../iam/policies";
import type { Resource, Resources } from "../read/resources";
import { block, flag, isReference, isUnknown, list, text, type Values } from "../read/value";
import { routesOf, routeTableOf } from "./borders/route-tables";

/** What starts tasks in some subnets: a service or a schedule. */
export interface TaskSource {
  readonly containers: Containers;
  readonly taskDefinition: Resource | undefined;
  /** Its `network_configuration`, and whether it starts tasks with ECS Exec. */
  readonly launch: Values;
}

/**
 * Whether tasks can reach the internet: a default route to a NAT gateway or its like, or to an internet gateway
 * with a public address. `undefined` where subnets or route tables aren't in the plan.
 */
export function internetEgress({ launch }: Pick<TaskSource, "launch">, resources: Resources): boolean | undefined {
  const network = block(launch.network_configuration);
  const { members, open } = list(network?.subnets);
  if (open || members.length === 0) return undefined;
  const publicIp = flag(network?.assign_public_ip) === true;
  const ways = members.map((member) => {
    const subnet = resources.named(member, "aws_subnet");
    const table = subnet && routeTableOf(subnet, resources);
    return table && leavesBy(table, publicIp, resources);
  });
  if (ways.includes(undefined)) return undefined;
  return ways.every(Boolean);
}

/** Whether a route table has a way out; `undefined` where a route that isn't known before apply may be one. */
function leavesBy(table: Resource, publicIp: boolean, resources: Resources): boolean | undefined {
  const { routes, open } = routesOf(table, resources);
  const ways = routes.map((route) => leadsOut(route, publicIp));
  if (ways.includes(true)) return true;
  return open || ways.includes(undefined) ? undefined : false;
}

const targets = [
  "nat_gateway_id",
  "transit_gateway_id",
  "network_interface_id",
  "vpc_peering_connection_id",
  "vpc_endpoint_id",
];

function leadsOut(route: Values, publicIp: boolean): boolean | undefined {
  const destination = route.destination_cidr_block ?? route.cidr_block;
  const opaque = isUnknown(destination) || isReference(destination);
  if (!opaque && destination !== "0.0.0.0/0") return false;
  const ways = publicIp ? [...targets, "gateway_id"] : targets;
  const set = (name: string) => isReference(route[name]) || (text(route[name]) ?? "") !== "";
  if (!ways.some((name) => set(name) || isUnknown(route[name]))) return false;
  return opaque || !ways.some(set) ? undefined : true;
}

/** The AWS services that a task needs to start and run, by the end of their endpoints' names. */
export function neededEndpoints(source: TaskSource, resources: Resources): readonly string[] {
  const secrets =
    "known" in source.containers ? source.containers.known.flatMap((container) => [...container.secrets.values()]) : [];
  return taskEndpoints({
    ssmSecrets: secrets.some((from) => !from.includes(":secretsmanager:")),
    secretsManagerSecrets: secrets.some((from) => from.includes(":secretsmanager:")),
    executeCommand: flag(source.launch.enable_execute_command) === true,
    sessionKey: hasSessionKey(source.launch, resources),
    taskProtection: mayProtectItself(source, resources),
  });
}

/** Whether the plan's ECS cluster encrypts sessions with a KMS key. */
function hasSessionKey({ cluster }: Values, resources: Resources): boolean {
  const configuration = block(resources.named(cluster, "aws_ecs_cluster")?.values.configuration);
  const key = block(configuration?.execute_command_configuration)?.kms_key_id;
  return isReference(key) || (text(key) ?? "") !== "";
}

/**
 * Whether the task's role names the action with which ECS's agent protects a task.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html (RequestError)
 */
function mayProtectItself({ taskDefinition }: TaskSource, resources: Resources): boolean {
  const arn = taskDefinition?.values.task_role_arn;
  const role = isUnknown(arn) ? undefined : roleOf(arn, resources);
  const statements = role ? permissionsOf(role, resources).statements : [];
  return statements.some(({ actions }) => actions.includes("ecs:UpdateTaskProtection"));
}

/** The AWS services for which the plan has a VPC endpoint; `undefined` where one's service isn't known before apply. */
export function presentEndpoints(resources: Resources): ReadonlySet<string> | undefined {
  const names = resources
    .of("aws_vpc_endpoint", "data.aws_vpc_endpoint")
    .map(({ values }) => text(values.service_name)?.replace(/^com\.amazonaws\.(?:\$\{[^}]*\}|[^.])+\./, ""));
  return names.includes(undefined) ? undefined : new Set(names as string[]);
}
