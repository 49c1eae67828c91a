import { within, type Clock } from "../../clock";
import type { TargetAnswer, TargetCheck, TargetSpec } from "../../data-plane/data-plane";
import type { AppliedTargetGroup } from "../applied/target-groups";
import { type TargetHealth, targetStates, watchTarget } from "./target-health";

/** A task's place in a target group. */
export interface TargetAddress {
  readonly taskId: string;
  readonly address: string;
  readonly port: number;
  readonly availabilityZone: string;
}

/** A target that is registered, or drains. */
export interface Target extends TargetAddress {
  readonly group: string;
  health: TargetHealth;
}

interface Registered extends Target {
  unwatch: () => void;
  readonly onHealth: (health: TargetHealth) => void;
}

export interface TargetGroupOptions {
  readonly clock: Clock;
  /** Asks a target from the load balancer; `undefined` while no load balancer forwards to the group. */
  readonly ask: (check: TargetCheck) => Promise<TargetAnswer> | undefined;
  /** Called after each change of a target. */
  readonly onChange: (target: Target) => void;
}

/** The targets of one target group: registered, checked, drained. */
export class TargetGroup {
  readonly #targets: Registered[] = [];

  constructor(
    private applied: AppliedTargetGroup,
    private inUse: boolean,
    private readonly options: TargetGroupOptions,
  ) {}

  get targets(): readonly Target[] {
    return this.#targets;
  }

  get deregistrationDelaySeconds(): number {
    return this.applied.deregistrationDelaySeconds;
  }

  /** Seconds until a target that answers is healthy: the first check may come before it answers. */
  get healthySeconds(): number {
    const { intervalSeconds, timeoutSeconds } = this.applied.healthCheck;
    return 2 * intervalSeconds + timeoutSeconds;
  }

  /** Brings it to what is applied now: with other settings, health checks begin again. */
  update(applied: AppliedTargetGroup, inUse: boolean): void {
    const changed =
      JSON.stringify([applied.healthCheck, inUse]) !== JSON.stringify([this.applied.healthCheck, this.inUse]);
    this.applied = applied;
    this.inUse = inUse;
    if (!changed) return;
    for (const target of this.#targets) if (target.health.state !== "draining") this.#watch(target);
  }

  register(address: TargetAddress, onHealth: (health: TargetHealth) => void): Target {
    const target: Registered = {
      ...address,
      group: this.applied.arn,
      health: targetStates.registering,
      unwatch: () => {},
      onHealth,
    };
    this.#targets.push(target);
    this.#watch(target);
    return target;
  }

  /**
   * Takes a target out: it gets no new requests from now on. Done when the deregistration delay is over: all of it, as ECS
   * waits. Source: https://github.com/awslabs/nlb-sidecar-for-ecs ("ECS will keep the task open for the entire deregistration delay")
   * @param cut ends the delay early: nothing of the task runs any more
   */
  async deregister({ taskId, port }: Target, cut: Promise<unknown>): Promise<void> {
    const target = this.#targets.find((each) => each.taskId === taskId && each.port === port);
    if (!target) return;
    target.unwatch();
    this.#set(target, targetStates.draining);
    await within(this.options.clock, this.applied.deregistrationDelaySeconds * 1000, cut);
    this.#targets.splice(this.#targets.indexOf(target), 1);
    this.options.onChange(target);
  }

  /**
   * The targets as the data plane needs them. Where all that are checked are unhealthy, all get requests (fail open).
   * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
   */
  get specs(): TargetSpec[] {
    const registered = this.#targets.filter(({ health }) => health.state !== "draining");
    const failsOpen = registered.length > 0 && registered.every(({ health }) => health.state === "unhealthy");
    return this.#targets
      .filter(({ health }) => health.state !== "initial" && health.state !== "unused")
      .map(({ address, port, health }) => ({
        address,
        port,
        receives: health.state === "healthy" || (failsOpen && health.state === "unhealthy"),
      }));
  }

  #watch(target: Registered): void {
    target.unwatch();
    if (!this.inUse) return this.#set(target, targetStates.notInUse);
    if (target.health.state === "unused" || target.health.reason === targetStates.registering.reason) {
      this.#set(target, targetStates.checking);
    }
    const { healthCheck } = this.applied;
    const { protocol, path, timeoutSeconds } = healthCheck;
    const check = { address: target.address, port: healthCheck.port ?? target.port, protocol, path, timeoutSeconds };
    const ask = async (): Promise<TargetAnswer> => (await this.options.ask(check)) ?? { failure: "refused" };
    target.unwatch = watchTarget(healthCheck, ask, this.options.clock, (health) => this.#set(target, health));
  }

  #set(target: Registered, health: TargetHealth): void {
    target.health = health;
    target.onHealth(health);
    this.options.onChange(target);
  }
}
