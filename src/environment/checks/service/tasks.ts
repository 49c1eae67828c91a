import { spotWarningSeconds } from "../../../aws/ecs/capacity";
import { scalingDefaults } from "../../../aws/defaults";
import type { ServiceParts } from "../../schema/schema";
import { type Finding, findingIf, present } from "../finding";
import type { Place } from "../service";

const triggers = ["cpuPercent", "memoryPercent", "requestsPerTask"] as const;

/** A range that nothing scales, limits that contradict each other, and what else can't go together. */
export function scaledTasks({ path }: Place, { tasks, autoscaled, web }: ServiceParts): Finding[] {
  if (tasks === undefined || typeof tasks === "number") return [];
  const at = (...keys: string[]) => [...path, "tasks", ...keys];
  const { min = scalingDefaults.min, max, schedule = [], requestsPerTask } = tasks;
  const scales = triggers.some((trigger) => tasks[trigger] !== undefined);
  const limits = schedule.flatMap((entry, index) => {
    const [from, to] = [entry?.min ?? min, entry?.max ?? max];
    if (to === undefined || from <= to) return [];
    return [{ path: at("schedule", String(index)), allowed: `a min (here ${from}) that is at most max (here ${to})` }];
  });
  const wakes = schedule.some((entry) => (entry?.min ?? min) > 0);
  return [
    ...findingIf(max !== undefined && min > max, at("max"), `at least min, which is ${min}`),
    ...findingIf(
      !scales && schedule.length === 0,
      at(),
      `at least one of ${triggers.join(", ")} and schedule: otherwise nothing changes the number of tasks`,
    ),
    ...findingIf(
      min === 0 && !wakes,
      at("min"),
      "1 or more, or a schedule with a min of 1 or more: without a task there is no metric to scale by",
    ),
    ...limits,
    ...findingIf(
      requestsPerTask !== undefined && web === undefined,
      at("requestsPerTask"),
      "only with web: autoscaling counts the requests of a load balancer",
    ),
    ...findingIf(
      autoscaled === true,
      [...path, "autoscaled"],
      "false: tasks has min and max here, so this file's own autoscaling sets the number",
    ),
  ];
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html */
export function capacity({ path }: Place, { capacity: shares, web }: ServiceParts): Finding[] {
  if (shares === undefined) return [];
  const at = [...path, "capacity"];
  const all = present(shares);
  if (all.length === 0) return [{ path: at, allowed: "spot, onDemand or both" }];
  const drain = web?.targetGroup ? undefined : web?.deregistrationDelaySeconds;
  return [
    ...findingIf(
      all.every(([, { weight }]) => weight === 0),
      at,
      "a weight above 0 in spot or onDemand: ECS starts no task without one",
    ),
    ...findingIf(
      all.length > 1 && all.every(([, { base = 0 }]) => base > 0),
      [...at, "spot", "base"],
      "0: only one of spot and onDemand may have a base",
    ),
    ...findingIf(
      shares.spot !== undefined && drain !== undefined && drain >= spotWarningSeconds,
      [...path, "web", "deregistrationDelaySeconds"],
      `less than ${spotWarningSeconds} with Fargate Spot: that is how long an interrupted task has`,
    ),
  ];
}
