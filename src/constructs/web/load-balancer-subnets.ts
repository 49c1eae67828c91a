import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { TerraformIterator, Token } from "cdktf";
import { Construct } from "constructs";
import { literals } from "../literal";
import type { Network } from "../network/network";
import { expression } from "../reference";

type Tags = Readonly<Record<string, string>>;

/** Subnets of a load balancer: by id, by tags, or the public ones, which give a public address at launch. */
export type LoadBalancerSubnets =
  { readonly ids: readonly string[] } | { readonly tags: Tags } | { readonly public: true };

/** A condition on a resource, as Terraform has it. */
interface Condition {
  readonly condition: string;
  readonly errorMessage: string;
}

/** One subnet in each zone: those of the environment's own VPC, or what an existing one has. */
export function subnetPerZone(
  scope: Construct,
  network: Network,
  { subnets, scheme }: { readonly subnets?: LoadBalancerSubnets | undefined; readonly scheme: "public" | "internal" },
): Pick<SubnetPerZone, "ids" | "conditions"> {
  const { created } = network;
  if (created) return { ids: scheme === "internal" ? network.subnetIds : created.publicSubnetIds, conditions: [] };
  return new SubnetPerZone(
    scope,
    "subnets",
    network,
    subnets ?? (scheme === "internal" ? "as-tasks" : { public: true }),
  );
}

/**
 * One subnet in each zone that has any of those chosen: a load balancer takes one a zone, and at least two zones.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
 */
class SubnetPerZone extends Construct {
  /** Ids, as a list token. */
  readonly ids: string[];
  /** What must be true of them before Terraform creates the load balancer. */
  readonly conditions: readonly Condition[];

  /**
   * @param network where tasks run: one in a zone without any of the subnets would get no requests
   * @param subnets `as-tasks`: those that tasks run in
   */
  constructor(scope: Construct, id: string, network: Network, subnets: LoadBalancerSubnets | "as-tasks") {
    super(scope, id);
    const taskSubnets = this.each("task-subnet", network.subnetIds);
    const all = subnets === "as-tasks" ? taskSubnets : this.each("subnet", this.chosen(network.vpcId, subnets));
    const zones = `toset([for subnet in ${all} : subnet.availability_zone])`;
    const others = `setsubtract([for subnet in ${taskSubnets} : subnet.availability_zone], ${zones})`;
    this.ids = Token.asList(
      `\${[for zone, ids in { for subnet in ${all} : subnet.availability_zone => subnet.id... } : sort(ids)[0]]}`,
    );
    this.conditions = [
      {
        condition: `\${length(${zones}) >= 2}`,
        errorMessage: `A load balancer needs subnets in at least two availability zones. ${describe(subnets)}: \${length(${zones}) == 0 ? "none" : join(", ", sort(${zones}))}. Name the subnets by id or by tags in loadBalancer.create.subnets.`,
      },
      {
        condition: `\${length(${others}) == 0}`,
        errorMessage: `Tasks run in \${join(", ", sort(${others}))}, where the load balancer has no subnet: they would get no requests. Add a subnet of each zone to loadBalancer.create.subnets, or choose other subnets for the tasks.`,
      },
    ];
  }

  private chosen(vpcId: string, subnets: LoadBalancerSubnets): string[] {
    return new DataAwsSubnets(this, "chosen", {
      filter: [{ name: "vpc-id", values: [vpcId] }, ...filterOf(subnets)],
      ...("tags" in subnets ? { tags: literals(subnets.tags) } : {}),
    }).ids;
  }

  /** A data source for each of the subnets, which knows its zone. @returns its address */
  private each(id: string, ids: string[]): string {
    const each = TerraformIterator.fromList(ids);
    return expression(this, new DataAwsSubnet(this, id, { forEach: each, id: each.value as string }).fqn);
  }
}

const filterOf = (subnets: LoadBalancerSubnets) =>
  "ids" in subnets
    ? [{ name: "subnet-id", values: [...subnets.ids] }]
    : "public" in subnets
      ? [{ name: "map-public-ip-on-launch", values: ["true"] }]
      : [];

function describe(subnets: LoadBalancerSubnets | "as-tasks"): string {
  if (subnets === "as-tasks") return "The tasks' subnets are in";
  if ("ids" in subnets) return `${subnets.ids.join(", ")} are in`;
  if ("public" in subnets) return "The VPC has public subnets (those that give a public address at launch) in";
  const tags = Object.entries(literals(subnets.tags)).map(([key, value]) => `${key} = ${value}`);
  return `The VPC has subnets tagged ${tags.join(", ")} in`;
}
