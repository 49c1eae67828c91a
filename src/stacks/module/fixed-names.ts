import type { Blocks } from "./module-json";

/** Attributes with names that are unique in an account and region. */
const uniqueNames = ["name", "family", "alarm_name", "dashboard_name"];

/** Types whose names are unique only inside the ECS cluster, the namespace, the zone or the resource that they belong to. */
const namedInside = [
  "aws_appautoscaling_policy",
  "aws_appautoscaling_scheduled_action",
  "aws_ecs_service",
  "aws_iam_role_policy",
  "aws_route53_record",
  "aws_scheduler_schedule",
  "aws_service_discovery_service",
];

/** Names of resources that no variable of the module changes, each with its type. */
export function fixedNames(resources: Blocks): string[] {
  return Object.entries(resources)
    .filter(([type]) => !namedInside.includes(type))
    .flatMap(([type, blocks]) =>
      Object.values(blocks).flatMap((block) =>
        uniqueNames.flatMap((attribute) => {
          const name = block[attribute];
          return typeof name === "string" && !name.includes("${") ? [`\`${type}\` \`${name}\``] : [];
        }),
      ),
    );
}
