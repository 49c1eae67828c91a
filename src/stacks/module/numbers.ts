import type { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import type { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import type { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { IConstruct } from "constructs";
import type { Environment } from "../../environment";
import { type ModuleVariables, variablePart } from "./variables";

/** The service that a construct below `services/<name>` or `web/<name>` belongs to. */
const serviceOf = ({ node }: IConstruct): string => node.path.split("/")[2]!;

/** Makes the number of a service's tasks a variable. Autoscaling, or somebody else, sets it where the plan ignores it. */
export function variableTasks(ecs: EcsService, { services }: Environment, variables: ModuleVariables): void {
  const service = serviceOf(ecs);
  const { tasks, autoscaled } = services[service]!;
  if (typeof tasks !== "number" || autoscaled) return;
  const name = `${variablePart(service)}_tasks`;
  ecs.addOverride("desired_count", variables.add(name, tasksVariable(services, service, name, "Tasks", tasks)));
}

/** Makes the limits of a service's autoscaling variables. */
export function variableLimits(
  target: AppautoscalingTarget,
  { services }: Environment,
  variables: ModuleVariables,
): void {
  const service = serviceOf(target);
  for (const [attribute, limit, value] of [
    ["min_capacity", "min", target.minCapacityInput],
    ["max_capacity", "max", target.maxCapacityInput],
  ] as const) {
    const name = `${variablePart(service)}_tasks_${limit}`;
    const what = limit === "min" ? "Fewest tasks" : "Most tasks";
    target.addOverride(attribute, variables.add(name, tasksVariable(services, service, name, what, value!)));
  }
}

/** Makes a rule's priority a variable where the listener is shared with others. */
export function variablePriority(
  rule: LbListenerRule,
  { loadBalancer }: Environment,
  variables: ModuleVariables,
): void {
  if (loadBalancer === undefined || "create" in loadBalancer) return;
  const service = serviceOf(rule);
  const test = rule.node.id === "test-rule" ? "_test" : "";
  const name = `${variablePart(service)}${test}_priority`;
  const priority = variables.add(name, {
    type: "number",
    description: `Priority of the rule of ${service}${test && " for test requests"} on the listener: each rule of a listener needs its own`,
    default: rule.priorityInput,
    nullable: false,
  });
  rule.addOverride("priority", priority);
}

function tasksVariable(services: Environment["services"], service: string, name: string, what: string, value: number) {
  // Stock DNSPoll and the deployment's percentages were checked for this number.
  const most = services[service]!.discovery === "dnspoll" ? value : undefined;
  const range = `var.${name} >= 0${most === undefined ? "" : ` && var.${name} <= ${most}`}`;
  return {
    type: "number",
    description: `${what} of ${service}`,
    default: value,
    nullable: false,
    validation: [
      {
        condition: `\${${range} && floor(var.${name}) == var.${name}}`,
        error_message:
          most === undefined
            ? `${name} must be a whole number, 0 or more.`
            : `${name} must be a whole number, 0 to ${most}: ${service} finds nodes with stock DNSPoll. For more, change environments.json and write the module again.`,
      },
    ],
  };
}
