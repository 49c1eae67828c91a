import { createdVpcCidr, subnetsOfZone, usableAddresses } from "../../aws/network/vpc-cidrs";
import { repositoryArnOf } from "../../aws/ecr-repository";
import type { EnvironmentParts, ServiceParts } from "../schema/schema";
import { type Finding, findingIf, present } from "./finding";

/** Zones that a load balancer needs. Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer */
const minBalancedZones = 2;

/** What goes with a VPC that the environment creates: nothing of another VPC, and a way out that its tasks can use. */
export function vpc(path: string[], environment: EnvironmentParts): Finding[] {
  const create = environment.vpc?.create;
  if (create === undefined) return [];
  return [
    ...ofAnotherVpc(path, environment),
    ...waysOut(path, environment),
    ...foreignImages(path, environment),
    ...tooSmall(path, environment),
  ];
}

function ofAnotherVpc(path: string[], { subnets, namespace, loadBalancer }: EnvironmentParts): Finding[] {
  const balancer = [...path, "loadBalancer"];
  return [
    ...findingIf(
      Boolean(subnets?.ids ?? subnets?.tags),
      [...path, "subnets"],
      "no subnets with vpc.create, which creates its own",
    ),
    ...findingIf(
      namespace?.existing !== undefined,
      [...path, "namespace"],
      `{"create":"${namespace?.existing}"}: an existing private namespace belongs to another VPC than the one that vpc.create makes`,
    ),
    ...findingIf(
      loadBalancer?.existing !== undefined,
      [...balancer, "existing"],
      "only create with vpc.create: an existing load balancer can't send requests to a new VPC",
    ),
    ...findingIf(
      loadBalancer?.create?.subnets !== undefined,
      [...balancer, "create", "subnets"],
      "no subnets with vpc.create, which creates them",
    ),
    ...findingIf(
      loadBalancer?.create?.addresses === "dual-stack",
      [...balancer, "create", "addresses"],
      '"ipv4": the VPC that vpc.create makes has no IPv6 addresses',
    ),
  ];
}

function waysOut(path: string[], { vpc, publicIp, loadBalancer, region }: EnvironmentParts): Finding[] {
  const { nat, endpoints, zones } = vpc!.create!;
  const at = [...path, "vpc", "create"];
  return [
    ...findingIf(
      nat === "none" && endpoints === false && publicIp === false,
      [...at, "endpoints"],
      'true with nat "none", or publicIp true: otherwise tasks reach neither their image nor their secrets',
    ),
    ...findingIf(
      region?.startsWith("cn-") === true && Boolean(endpoints),
      [...at, "endpoints"],
      `false in ${region}, where some endpoints have names of another form: create them in a VPC that you name by id or tags`,
    ),
    ...findingIf(
      publicIp === true && nat !== undefined && nat !== "none",
      [...at, "nat"],
      '"none" with publicIp true: tasks reach the internet by their own addresses, and no NAT gateway is used',
    ),
    ...findingIf(
      loadBalancer !== undefined && zones !== undefined && zones < minBalancedZones,
      [...at, "zones"],
      `at least ${minBalancedZones} with a load balancer`,
    ),
  ];
}

/** Images that tasks without a way to the internet can't pull: endpoints lead to ECR of their own region alone. */
function foreignImages(path: string[], { vpc, publicIp, region, services }: EnvironmentParts): Finding[] {
  if (vpc?.create?.nat !== "none" || publicIp !== false || region === undefined) return [];
  return present(services).flatMap(([name, { image }]) => {
    if (image?.uri === undefined || repositoryArnOf(image.uri)?.includes(`:ecr:${region}:`)) return [];
    const allowed = `an image in ECR of ${region}: with nat "none", tasks reach no other registry. Copy it there, or use a pull-through cache`;
    return [{ path: [...path, "services", name, "image", "uri"], allowed }];
  });
}

/** Twice the tasks, since old and new ones run next to each other during a deployment. */
function tooSmall(path: string[], { vpc, services }: EnvironmentParts): Finding[] {
  const { cidr, zones } = vpc!.create!;
  if (cidr === undefined || zones === undefined || !createdVpcCidr.isAllowed(cidr)) return [];
  const tasks = present(services).reduce((sum, [, service]) => sum + maxTasks(service), 0);
  const addresses = zones * usableAddresses(subnetsOfZone(cidr, 0).private);
  if (2 * tasks <= addresses) return [];
  const allowed = `a larger network, or more zones: ${tasks} tasks need ${2 * tasks} addresses during a deployment, and the private subnets of ${zones} zones have ${addresses}`;
  return [{ path: [...path, "vpc", "create", "cidr"], allowed }];
}

const maxTasks = ({ tasks }: ServiceParts): number => (typeof tasks === "object" ? tasks.max : tasks) ?? 0;
