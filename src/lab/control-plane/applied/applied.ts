import { type AppliedLoadBalancing, readLoadBalancing } from "./load-balancers";
import { readSecurityGroups } from "./security-groups";
import type { AppliedSecurityGroups } from "./security-groups";
import { readServices } from "./services";
import type { AppliedService } from "./services";
import { readSubnetNetworks } from "./subnet-networks";
import { readSubnets, readVpc } from "./subnets";
import type { AppliedSubnet, AppliedVpc } from "./subnets";
import type { SubnetNetwork } from "../../data-plane/data-plane";
import type { AwsClients } from "../../local-aws/aws-clients";

/** What was applied, as far as it decides what runs where: read back through the AWS API and through nothing else. */
export interface AppliedLayout {
  readonly vpc: AppliedVpc;
  readonly subnets: ReadonlyMap<string, AppliedSubnet>;
  /** Network ACLs around the VPC's subnets. */
  readonly subnetNetworks: readonly SubnetNetwork[];
  readonly securityGroups: AppliedSecurityGroups;
  readonly services: readonly AppliedService[];
  readonly loadBalancing: AppliedLoadBalancing;
}

/**
 * Reads the layout and checks what AWS would have refused: local AWS accepts much.
 * @throws Error when there is no ECS service, or one refers to what does not exist or lies in several VPCs.
 */
export async function readApplied(clients: AwsClients): Promise<AppliedLayout> {
  const layout = await readLayout(clients);
  if (layout) return layout;
  throw new Error(
    `There is no ECS service in ${clients.region}: the lab runs the services that were applied there. Apply Terraform that has ` +
      `an aws_ecs_service. If its provider has another region, pass that to lab up: --region us-east-1.`,
  );
}

/** As {@link readApplied}, and `undefined` when there is no service, or none any more. */
export async function readLayout(clients: AwsClients): Promise<AppliedLayout | undefined> {
  const services = await readServices(clients);
  if (services.length === 0) return undefined;
  const subnets = await readSubnets(clients);
  const vpcId = commonVpc(services, subnets);
  const securityGroups = await readSecurityGroups(clients, vpcId);
  for (const service of services) checkSecurityGroups(service, securityGroups, vpcId);
  const loadBalancing = await readLoadBalancing(clients, vpcId);
  const subnetNetworks = await readSubnetNetworks(clients, vpcId, subnets.values());
  return { vpc: await readVpc(clients, vpcId), subnets, subnetNetworks, securityGroups, services, loadBalancing };
}

/** Groups of a service's tasks: those it names, or else the VPC's default one. */
export const securityGroupsOf = (service: AppliedService, { defaultId }: AppliedSecurityGroups): readonly string[] =>
  service.securityGroupIds.length > 0 ? service.securityGroupIds : defaultId ? [defaultId] : [];

function commonVpc(services: readonly AppliedService[], subnets: ReadonlyMap<string, AppliedSubnet>): string {
  const vpcOf = new Map<string, string>();
  for (const service of services) {
    for (const id of service.subnetIds) {
      const subnet = subnets.get(id);
      if (!subnet) {
        const known = [...subnets.keys()].join(", ") || "none";
        throw new Error(`Service "${service.name}" names subnet ${id}, which does not exist. Subnets are: ${known}.`);
      }
      vpcOf.set(subnet.vpcId, service.name);
    }
  }
  const vpcs = [...vpcOf.keys()];
  if (vpcs.length > 1) {
    const places = [...vpcOf].map(([vpc, service]) => `"${service}" in ${vpc}`).join(", ");
    throw new Error(
      `The lab is one VPC, and the services are in ${vpcs.length}: ${places}. Apply one VPC's at a time.`,
    );
  }
  return vpcs[0]!;
}

function checkSecurityGroups(service: AppliedService, { all }: AppliedSecurityGroups, vpcId: string): void {
  const known = new Set(all.map((group) => group.id));
  const missing = service.securityGroupIds.filter((id) => !known.has(id));
  if (missing.length === 0) return;
  throw new Error(
    `Service "${service.name}" names security group ${missing.join(" and ")}, which ${vpcId} does not have. Its groups ` +
      `are: ${[...known].join(", ") || "none"}.`,
  );
}
