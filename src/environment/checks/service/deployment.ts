import { maxTasks } from "../../../aws/ecs/deployment-percent";
import { taskRange } from "../../../aws/ecs/task-range";
import { excludesVersion } from "../../../aws/provider-versions";
import { shiftingStrategies, strategiesProvider } from "../../../deployment";
import { quote } from "../../problems";
import type { EnvironmentParts, ServiceParts } from "../../schema/schema";
import type { Finding } from "../finding";
import type { Place } from "../service";

/**
 * ECS rounds the maximum down and the minimum up, so that percentages may leave no room for a new task.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function percentages({ path }: Place, { deployment = {}, tasks = 0 }: ServiceParts): Finding[] {
  const count = Math.max(taskRange(tasks).min, typeof tasks === "number" ? 0 : 1);
  const { maximumPercent, healthyPercent = 100 } = deployment.strategy?.rolling ?? {};
  if (maximumPercent === undefined || !count || maxTasks(count, maximumPercent) > count) return [];
  if (Math.ceil((count * healthyPercent) / 100) < count) return [];
  const least = Math.ceil((100 * (count + 1)) / count);
  const range = least === 200 ? "200 with 1 task" : `${least} to 200 with ${count} tasks`;
  const allowed = `${range}, or a lower healthyPercent: below that no new task can start while ${healthyPercent} % of the old ones run`;
  return [{ path: [...path, "deployment", "strategy", "rolling", "maximumPercent"], allowed }];
}

/** What shifts requests needs a load balancer whose listener rule is of this state, and a provider that knows it. */
export function trafficShift(
  { path }: Place,
  { deployment = {}, web }: ServiceParts,
  { awsProviderVersion: constraint }: EnvironmentParts,
): Finding[] {
  const name = shiftingStrategies.find((strategy) => deployment.strategy?.[strategy] !== undefined);
  if (name === undefined) return [];
  const at = [...path, "deployment", "strategy", name];
  const found = `${quote(name)}, which shifts requests`;
  return [
    ...(web === undefined || web.targetGroup !== undefined
      ? [
          {
            path: at,
            found,
            allowed:
              web === undefined
                ? 'rolling, or "web" with a domain: without a load balancer there are no requests to shift'
                : "rolling with web.targetGroup: ECS shifts requests by a listener rule and a second target group, which the project that owns the target group doesn't give to this one",
          },
        ]
      : []),
    ...(constraint !== undefined && excludesVersion(constraint, strategiesProvider)
      ? [
          {
            path: at,
            found: `${found}, with awsProviderVersion ${quote(constraint)}`,
            allowed: `rolling, or an awsProviderVersion that includes versions from ${strategiesProvider} on, the first that knows ${quote(name)}`,
          },
        ]
      : []),
  ];
}
