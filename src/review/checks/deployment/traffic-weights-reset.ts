import { targetGroupName } from "../../../aws/arn";
import type { Resource, Resources } from "../../read/resources";
import { blocks, number, text, type Value } from "../../read/value";
import { shiftName } from "../../web/deployment-strategy";
import { listenerRuleNamed } from "../../web/forwarding";
import type { Check } from "../check";

export const trafficWeightsReset: Check = {
  id: "traffic-weights-reset",
  title: "The plan changes the weights with which ECS shifts requests",
  severity: "error",
  rationale:
    "ECS sets the weights of a listener rule in each deployment, and its tasks are in one of the two target groups. Terraform sees a difference from the configuration and restores the first weights. If the tasks are in the other target group, visitors get 503. ECS doesn't notice.",
  remediation:
    "Ignore the rule's action: lifecycle { ignore_changes = [action] }. Go back to ROLLING only after a deployment whose tasks are in the first target group.",
  limitations: "The check knows only rules that a service of the same plan names in its advanced_configuration.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html",
    "https://github.com/aws/containers-roadmap/issues/2853",
    "https://github.com/terraform-aws-modules/terraform-aws-alb/issues/409",
  ],
  *find({ services, resources }) {
    const seen = new Set<Resource>();
    for (const { name, resource } of services) {
      if (shiftName(resource.values) === undefined) continue;
      for (const rule of rulesOf(resource, resources)) {
        const [before, after] = [weights(rule.before?.action), weights(rule.values.action)];
        if (seen.has(rule) || before === undefined || after === undefined || before === after) continue;
        seen.add(rule);
        yield { address: rule.address, message: `requests of ${name} are sent ${after} instead of ${before}` };
      }
    }
  },
};

/** The listener rules of which ECS sets the weights. */
const rulesOf = ({ values }: Resource, resources: Resources): readonly Resource[] =>
  blocks(values.load_balancer)
    .flatMap(({ advanced_configuration: advanced }) => blocks(advanced))
    .flatMap(({ production_listener_rule: production, test_listener_rule: test }) => [production, test])
    .flatMap((rule) => listenerRuleNamed(rule, resources) ?? []);

/** `100 to blue, 0 to green`, by the name in the ARN; `undefined` where a target group or a weight isn't known. */
function weights(action: Value | undefined): string | undefined {
  const groups = blocks(action)
    .flatMap(({ forward }) => blocks(forward))
    .flatMap(({ target_group: group }) => blocks(group))
    .map(({ arn, weight }) => ({ arn: text(arn), weight: number(weight ?? 1) }));
  if (groups.length === 0 || groups.some(({ arn, weight }) => arn === undefined || weight === undefined)) return;
  const parts = groups.map(({ arn, weight }) => `${weight} to ${targetGroupName(arn!)}`);
  return parts.sort().join(", ");
}
