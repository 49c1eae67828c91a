import { scalingDefaults } from "../defaults";

/** The tasks of a service that autoscaling scales, as far as their number goes. */
interface ScaledTasks {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly schedule?: readonly ({ readonly min?: number | undefined; readonly max?: number | undefined } | undefined)[];
}

/** The fewest and the most tasks that a service is to have outside of deployments, at any time of its schedule. */
export function taskRange(tasks: number | ScaledTasks): { readonly min: number; readonly max: number } {
  if (typeof tasks === "number") return { min: tasks, max: tasks };
  const { min = scalingDefaults.min, max = min, schedule = [] } = tasks;
  return {
    min: Math.min(min, ...schedule.map((at) => at?.min ?? min)),
    max: Math.max(max, ...schedule.map((at) => at?.max ?? max)),
  };
}
