import type { Resource, Resources } from "../read/resources";
import { blocks, isUnknown, list, openBlocks, type Reference, type Value, type Values } from "../read/value";

/** Both names that the AWS provider has for each. */
const types = {
  targetGroup: ["aws_lb_target_group", "aws_alb_target_group"],
  listener: ["aws_lb_listener", "aws_alb_listener"],
  rule: ["aws_lb_listener_rule", "aws_alb_listener_rule"],
  loadBalancer: ["aws_lb", "aws_alb", "data.aws_lb", "data.aws_alb"],
} as const;

/** What sends requests to a target group. */
export interface Forwarding {
  /** Its load balancers, as far as the plan shows them. */
  readonly loadBalancers: readonly Resource[];
  /** Whether a listener or a rule forwards to it; `undefined` where one forwards to a group that isn't known. */
  readonly forwards: boolean | undefined;
}

export const targetGroupsOf = (resources: Resources): readonly Resource[] => resources.of(...types.targetGroup);

/** The target group that a value names, where it is in the plan. */
export const targetGroupNamed = (value: Values[string] | undefined, resources: Resources): Resource | undefined =>
  resources.named(value, ...types.targetGroup);

/** The listener rule that a value names, where it is in the plan. */
export const listenerRuleNamed = (value: Values[string] | undefined, resources: Resources): Resource | undefined =>
  resources.named(value, ...types.rule);

/** Who forwards to `targetGroup`: default actions of listeners, and rules. */
export function forwardingTo(targetGroup: Resource, resources: Resources): Forwarding {
  const listeners = resources
    .of(...types.listener)
    .map((listener) => ({ listener, actions: listener.values.default_action }));
  const rules = resources.of(...types.rule).map((rule) => ({
    listener: resources.named(rule.values.listener_arn, ...types.listener),
    actions: rule.values.action,
  }));
  let unknown = false;
  const forwarding = [...listeners, ...rules].filter(({ actions }) => {
    if (openBlocks(actions)) unknown = true;
    const targets = blocks(actions).flatMap(targetsOf);
    if (targets.some((target) => target === undefined)) unknown = true;
    return targets.some((target) => target !== undefined && targetGroupNamed(target, resources) === targetGroup);
  });
  const loadBalancers = forwarding.flatMap(
    ({ listener }) => resources.named(listener?.values.load_balancer_arn, ...types.loadBalancer) ?? [],
  );
  return {
    loadBalancers: [...new Set(loadBalancers)],
    forwards: forwarding.length > 0 ? true : unknown ? undefined : false,
  };
}

/** The target groups of an action; `undefined` for one that isn't known. */
function targetsOf({ target_group_arn: arn, forward }: Values): readonly Target[] {
  const weighted = blocks(forward).map(({ target_group: groups }) => groups);
  const open = [forward, ...weighted].filter((value) => openBlocks(value) !== undefined);
  const arns = [arn, ...weighted.flatMap(blocks).map((group) => group.arn)];
  return [...arns.flatMap(named), ...open.map(() => undefined)];
}

type Target = Reference | string | undefined;

function named(value: Value | undefined): readonly Target[] {
  if (isUnknown(value) && !value.candidates) return [undefined];
  return isUnknown(value) ? value.candidates! : list(value).members;
}
