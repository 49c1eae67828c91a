import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingScheduledAction } from "@cdktf/provider-aws/lib/appautoscaling-scheduled-action";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import type { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Construct } from "constructs";
import { scalingDefaults } from "../../aws/defaults";
import { taskRange } from "../../aws/ecs/task-range";
import type { EcsCluster } from "./ecs-cluster";
import type { WebTarget } from "../web/web-target";

/** From when on there are other limits. Source: https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html */
export interface ScheduledTasks {
  /** Minutes, hours, day of the month, month, day of the week, year: `0 7 ? * MON-FRI *`. */
  readonly cron: string;
  /** An IANA time zone. @default "UTC" */
  readonly timezone?: string;
  /** Fewest tasks from then on. @default the service's `min` */
  readonly min?: number | undefined;
  /** Most tasks from then on. @default the service's `max` */
  readonly max?: number | undefined;
}

/** Between how many tasks a service scales, and by what. */
export interface ScaledTasks {
  /** Fewest tasks, and how many a new service starts. @default 1 */
  readonly min?: number;
  /** Most tasks, up to 1000. */
  readonly max: number;
  /** Average CPU use that autoscaling keeps, in percent of what the tasks have. */
  readonly cpuPercent?: number | undefined;
  /** Average memory use that autoscaling keeps, in percent of what the tasks have. */
  readonly memoryPercent?: number | undefined;
  /** Requests a minute that autoscaling gives to each task. It needs a `WebRoute`. */
  readonly requestsPerTask?: number | undefined;
  /** @default none */
  readonly schedule?: readonly ScheduledTasks[];
  /** Seconds after one change until the next one in the same direction. @default 300 */
  readonly cooldownSeconds?: number;
}

/** How many tasks a new service starts. */
export const firstTasks = (tasks: number | ScaledTasks): number =>
  typeof tasks === "number" ? tasks : (tasks.min ?? scalingDefaults.min);

/** Whether a task runs at all times, also by the clock. */
export const alwaysRuns = (tasks: number | ScaledTasks): boolean => taskRange(tasks).min > 0;

/** What is read of a service's settings. */
interface ScaledService {
  readonly tasks: number | ScaledTasks;
  readonly cluster: EcsCluster;
  readonly fullName: string;
  readonly web?: WebTarget | undefined;
}

/** Scales a service that has a range of tasks. */
export function scale(scope: Construct, { tasks, cluster, fullName, web }: ScaledService, service: EcsService): void {
  if (typeof tasks === "object")
    new ServiceScaling(scope, "scaling", { tasks, service, clusterName: cluster.name, fullName, web });
}

/** Properties of a {@link ServiceScaling}. */
interface ServiceScalingProps {
  readonly tasks: ScaledTasks;
  readonly service: EcsService;
  /** Name of the ECS cluster. */
  readonly clusterName: string;
  /** Begins the names of policies and actions. */
  readonly fullName: string;
  readonly web: WebTarget | undefined;
}

/**
 * Application Auto Scaling of an ECS service: it sets the number of tasks between a minimum and a maximum, so that a metric
 * stays at its target, and by the clock.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
class ServiceScaling extends Construct {
  constructor(scope: Construct, id: string, props: ServiceScalingProps) {
    super(scope, id);
    const { tasks, service, clusterName } = props;
    const { min = scalingDefaults.min, max, schedule = [] } = tasks;
    const target = new AppautoscalingTarget(this, "target", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${clusterName}/${service.name}`,
      minCapacity: min,
      maxCapacity: max,
      // A scheduled action changes them, and a plan must not undo what the clock has set.
      ...(schedule.length > 0 ? { lifecycle: { ignoreChanges: ["min_capacity", "max_capacity"] } } : {}),
    });
    const scaled = {
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
    };
    this.policies(props, scaled);
    schedule.forEach((at, index) => {
      new AppautoscalingScheduledAction(this, `schedule-${index + 1}`, {
        ...scaled,
        name: `${props.fullName}-${index + 1}`,
        schedule: `cron(${at.cron})`,
        timezone: at.timezone ?? scalingDefaults.timezone,
        scalableTargetAction: { minCapacity: String(at.min ?? min), maxCapacity: String(at.max ?? max) },
      });
    });
  }

  /** Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html */
  private policies({ tasks, fullName, web }: ServiceScalingProps, scaled: Scaled): void {
    const cooldown = tasks.cooldownSeconds ?? scalingDefaults.cooldownSeconds;
    const metrics = {
      cpu: { type: "ECSServiceAverageCPUUtilization", target: tasks.cpuPercent },
      memory: { type: "ECSServiceAverageMemoryUtilization", target: tasks.memoryPercent },
      requests: { type: "ALBRequestCountPerTarget", target: tasks.requestsPerTask },
    };
    for (const [name, { type, target }] of Object.entries(metrics)) {
      if (target === undefined) continue;
      const label = name === "requests" ? web?.metrics?.[0] : undefined;
      new AppautoscalingPolicy(this, name, {
        ...scaled,
        name: `${fullName}-${name}`,
        policyType: "TargetTrackingScaling",
        targetTrackingScalingPolicyConfiguration: {
          targetValue: target,
          scaleInCooldown: cooldown,
          scaleOutCooldown: cooldown,
          predefinedMetricSpecification: {
            predefinedMetricType: type,
            ...(label ? { resourceLabel: `${label.LoadBalancer}/${label.TargetGroup}` } : {}),
          },
        },
        // AWS refuses the label of a target group that no listener uses yet.
        ...(label && web?.dependsOn ? { dependsOn: [...web.dependsOn] } : {}),
      });
    }
  }
}

type Scaled = Readonly<Record<"serviceNamespace" | "scalableDimension" | "resourceId", string>>;
