import type { Resources } from "../../read/resources";
import { block, blocks, isReference, openBlocks, type Value, type Values } from "../../read/value";
import { targetGroupNamed } from "../../web/forwarding";
import { isUnset, shiftName } from "../../web/deployment-strategy";
import type { Check, Problem } from "../check";

export const trafficShiftIncomplete: Check = {
  id: "traffic-shift-incomplete",
  title: "A deployment that shifts requests lacks what ECS needs for it",
  severity: "error",
  rationale:
    "With BLUE_GREEN, CANARY or LINEAR, ECS registers new tasks with a second target group, and assumes a role to change the weights of a listener rule. If one of these is missing, ECS refuses the service, and the apply fails halfway. Without a load balancer, BLUE_GREEN runs twice as many tasks and shifts nothing.",
  remediation:
    "Give each load_balancer block an advanced_configuration with alternate_target_group_arn, production_listener_rule and role_arn, and set bake_time_in_minutes. Or set the strategy to ROLLING.",
  limitations:
    "The check reports nothing for services with Service Connect or VPC Lattice, which shift requests themselves. It doesn't check what the role may do, nor whether the listener rule forwards to both target groups.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-implementation.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AdvancedConfiguration.html",
  ],
  *find({ services, resources }) {
    for (const { name, resource } of services) {
      const strategy = shiftName(resource.values);
      if (strategy === undefined) continue;
      const { address, values } = resource;
      for (const { message, severity } of problems(values, strategy, resources))
        yield { address, message: `${name} deploys with ${strategy}, ${message}`, ...(severity && { severity }) };
    }
  },
};

/** What else shifts requests. */
const meshes = ["service_connect_configuration", "vpc_lattice_configurations"] as const;

function* problems(values: Values, strategy: string, resources: Resources): Generator<Omit<Problem, "address">> {
  const { load_balancer: balancers, deployment_configuration: configuration } = values;
  const elsewhere = meshes.some((name) => openBlocks(values[name]) ?? block(values[name]));
  if (blocks(balancers).length === 0 && !openBlocks(balancers) && !elsewhere) {
    const severity = strategy === "BLUE_GREEN" ? "warning" : undefined;
    yield { message: "and has no load balancer whose requests could shift", ...(severity && { severity }) };
  }
  if (strategy === "BLUE_GREEN" && isUnset(block(configuration)?.bake_time_in_minutes))
    yield { message: "and sets no bake_time_in_minutes, which ECS requires" };
  for (const balancer of blocks(balancers)) {
    if (openBlocks(balancer.advanced_configuration)) continue;
    const advanced = block(balancer.advanced_configuration) ?? {};
    const missing = needed.filter(([attribute]) => isUnset(advanced[attribute])).map(([, what]) => what);
    if (missing.length > 0) yield { message: `and its load_balancer names no ${missing.join(", no ")}` };
    if (isSame(balancer.target_group_arn, advanced.alternate_target_group_arn, resources))
      yield { message: "and its second target group is the first one" };
  }
}

const needed = [
  ["alternate_target_group_arn", "second target group (alternate_target_group_arn)"],
  ["production_listener_rule", "listener rule (production_listener_rule)"],
  ["role_arn", "role of ECS (role_arn)"],
] as const;

function isSame(first: Value | undefined, second: Value | undefined, resources: Resources): boolean {
  if (typeof first === "string" && first === second) return true;
  if (!isReference(first) || !isReference(second)) return false;
  const group = targetGroupNamed(first, resources);
  return group !== undefined && group === targetGroupNamed(second, resources);
}
