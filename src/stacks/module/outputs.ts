import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { TerraformOutput } from "cdktf";
import { LoadBalancer } from "../../constructs/web/load-balancer";
import type { ElixirClusterStack } from "../elixir-cluster-stack";

/** Adds outputs next to the stack's own: what a caller's Terraform refers to. */
export function addOutputs(stack: ElixirClusterStack): void {
  const { services } = stack;
  const output = (id: string, description: string, value: unknown) =>
    new TerraformOutput(stack, `output-module-${id}`, { value, description }).overrideLogicalId(id);
  const byService = (value: (name: string) => string | undefined) =>
    Object.fromEntries([...services.keys()].map((name) => [name, value(name)]));

  output("name", "Name of the instance", stack.name);
  output("ecs_cluster_arn", "ARN of the ECS cluster", stack.cluster.arn);
  output("namespace_id", "Id of the Cloud Map namespace", stack.namespace.id);
  output(
    "security_group_ids",
    "Id of each service's own security group",
    byService((name) => services.get(name)!.securityGroupId),
  );
  output(
    "task_role_names",
    "Name of the role of each service's tasks, for policies of your own",
    byService((name) => taskRoleOf(stack, name)),
  );
  const loadBalancer = stack.node.findAll().find((child): child is LoadBalancer => child instanceof LoadBalancer);
  if (loadBalancer === undefined) return;
  output("load_balancer_dns_name", "DNS name of the load balancer", loadBalancer.dnsName);
  output("load_balancer_zone_id", "Hosted zone of that name, for alias records of your own", loadBalancer.zoneId);
}

function taskRoleOf(stack: ElixirClusterStack, service: string): string | undefined {
  const roles = stack.services
    .get(service)!
    .node.findAll()
    .filter((child): child is IamRole => child instanceof IamRole);
  return roles.find(({ node }) => node.id === "task-role")?.name;
}
