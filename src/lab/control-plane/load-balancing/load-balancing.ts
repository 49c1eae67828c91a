import type { Clock } from "../../clock";
import type { ActionSpec, LoadBalancerSpec, TaskRuntime } from "../../data-plane/data-plane";
import type { AppliedLoadBalancer, AppliedLoadBalancing } from "../applied/load-balancers";
import type { AppliedSubnet } from "../applied/subnets";
import type { AddressPool } from "../task/network-interface";
import { type Target, type TargetAddress, TargetGroup } from "./target-group";
import type { TargetHealth } from "./target-health";

export interface LoadBalancingOptions {
  readonly clock: Clock;
  readonly runtime: Pick<TaskRuntime, "applyLoadBalancers" | "checkTarget">;
  readonly addresses: Pick<AddressPool, "allocate" | "release">;
  /** Gets what local AWS reports of a target group. */
  readonly records: { targetGroup(arn: string, record: () => object): void };
  /** Called after each change of a target's health, and when it is gone. */
  readonly onTarget: (target: Target, registered: boolean) => void;
  readonly onError: (error: Error) => void;
}

/**
 * Elastic Load Balancing of one VPC: the one owner of what is known of targets. The data plane gets all load balancers with
 * their targets after each change, and local AWS the health of each target.
 */
export class LoadBalancing {
  readonly #groups = new Map<string, TargetGroup>();
  readonly #addresses = new Map<string, string>();
  #applied: AppliedLoadBalancing = { loadBalancers: [], targetGroups: [], limitations: [] };
  #subnets: ReadonlyMap<string, AppliedSubnet> = new Map();
  #applying: Promise<void> = Promise.resolve();

  #endDelays = (): void => {};
  readonly #delaysEnd = new Promise<void>((resolve) => (this.#endDelays = resolve));

  constructor(private readonly options: LoadBalancingOptions) {}

  get loadBalancers(): readonly AppliedLoadBalancer[] {
    return this.#applied.loadBalancers;
  }

  /** Targets that are registered, or drain. */
  get targets(): readonly Target[] {
    return [...this.#groups.values()].flatMap(({ targets }) => targets);
  }

  group(arn: string): TargetGroup | undefined {
    return this.#groups.get(arn);
  }

  /** Brings it to what is applied now. Done when the data plane has it. @throws Error as `applyLoadBalancers` does */
  async update(applied: AppliedLoadBalancing, subnets: ReadonlyMap<string, AppliedSubnet>): Promise<void> {
    this.#applied = applied;
    this.#subnets = subnets;
    const used = new Set(applied.loadBalancers.flatMap(groupsOf));
    for (const group of applied.targetGroups) {
      const known = this.#groups.get(group.arn);
      if (known) known.update(group, used.has(group.arn));
      else this.#groups.set(group.arn, this.#newGroup(group, used.has(group.arn)));
    }
    for (const arn of this.#addresses.keys()) {
      if (applied.loadBalancers.some((balancer) => balancer.arn === arn)) continue;
      this.options.addresses.release(this.#addresses.get(arn)!);
      this.#addresses.delete(arn);
    }
    await this.#apply();
  }

  /** @throws Error that names the target group when there is no such one. */
  register(arn: string, address: TargetAddress, onHealth: (health: TargetHealth) => void): Target {
    const group = this.#groups.get(arn);
    if (!group) throw new Error(`The target group ${arn} does not exist in this VPC, or isn't of type "ip".`);
    return group.register(address, onHealth);
  }

  /** As {@link TargetGroup.deregister}. */
  async deregister(target: Target, cut: Promise<unknown>): Promise<void> {
    await this.#groups.get(target.group)?.deregister(target, Promise.race([cut, this.#delaysEnd]));
  }

  /** Ends the deregistration delays, now and from now on: nobody sends requests any more. */
  endDelays(): void {
    this.#endDelays();
  }

  /** Done when the data plane has every target as it is now. */
  async settled(): Promise<void> {
    await this.#applying;
  }

  #newGroup(applied: AppliedLoadBalancing["targetGroups"][number], inUse: boolean): TargetGroup {
    const { arn } = applied;
    const group: TargetGroup = new TargetGroup(applied, inUse, {
      clock: this.options.clock,
      ask: (check) => {
        const balancer = this.loadBalancers.find((each) => groupsOf(each).includes(arn));
        return balancer && this.options.runtime.checkTarget(balancer.arn, check);
      },
      onChange: (target) => {
        this.options.records.targetGroup(arn, () => targetGroupRecord(arn, group.targets));
        this.options.onTarget(target, group.targets.includes(target));
        this.#apply().catch(this.options.onError);
      },
    });
    return group;
  }

  #apply(): Promise<void> {
    if (this.loadBalancers.length === 0 && this.#addresses.size === 0) return this.#applying;
    this.#applying = this.options.runtime.applyLoadBalancers(this.loadBalancers.map((each) => this.#spec(each)));
    return this.#applying;
  }

  #spec(balancer: AppliedLoadBalancer): LoadBalancerSpec {
    const { arn, subnetIds, securityGroupIds, internetFacing, idleTimeoutSeconds, listeners } = balancer;
    const subnet = this.#subnets.get(subnetIds[0]!)!;
    const address = this.#addresses.get(arn) ?? this.options.addresses.allocate(subnet);
    this.#addresses.set(arn, address);
    const own = groupsOf(balancer);
    return {
      ...{ id: arn, address, subnetCidr: subnet.cidr, securityGroupIds, internetFacing, idleTimeoutSeconds, listeners },
      targetGroups: this.#applied.targetGroups
        .filter((group) => own.includes(group.arn))
        .map(({ arn: id, protocol, algorithm, stickySeconds }) => ({
          ...{ id, protocol, algorithm },
          ...(stickySeconds === undefined ? {} : { stickySeconds }),
          targets: this.#groups.get(id)!.specs,
        })),
    };
  }
}

/** The target groups that a load balancer forwards to. */
function groupsOf({ listeners }: AppliedLoadBalancer): string[] {
  const actions: ActionSpec[] = listeners.flatMap(({ rules, defaultAction }) => [
    ...rules.map(({ action }) => action),
    defaultAction,
  ]);
  return actions.flatMap((action) => ("forward" in action ? [action.forward] : []));
}

/** As DescribeTargetHealth gives it. */
const targetGroupRecord = (arn: string, targets: readonly Target[]) => ({
  targetGroupArn: arn,
  targets: targets.map(({ address, port, availabilityZone, health }) => ({
    ...{ id: address, port, availabilityZone },
    ...{ state: health.state, reason: health.reason, description: health.description },
  })),
});
