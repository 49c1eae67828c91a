import type { Resources } from "../../read/resources";
import { blocks, flag, isUnknown, text, type Value } from "../../read/value";
import type { Check } from "../check";

export const alarmWithoutAction: Check = {
  id: "alarm-without-action",
  title: "An alarm notifies no one",
  severity: "warning",
  rationale: "Its state changes only in the console, where no one looks at night.",
  remediation: "Set alarm_actions to an SNS topic, or name the alarm in a composite alarm or in a deployment's alarms.",
  limitations: "The check ignores the topic's policy, and whether anyone has subscribed to the topic.",
  related: ["checkov CKV_AWS_319"],
  sources: ["https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html"],
  *find({ resources }) {
    const used = usedNames(resources);
    for (const { address, values } of resources.of("aws_cloudwatch_metric_alarm")) {
      const name = text(values.alarm_name);
      if (name === undefined || used === undefined || used.some((text) => text.includes(name))) continue;
      if (flag(values.actions_enabled) === false) yield { address, message: `${name}: actions_enabled is false` };
      else if (isEmpty(values.alarm_actions)) yield { address, message: `${name} has no alarm_actions` };
    }
  },
};

const isEmpty = (value: Value | undefined) =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** Texts that name alarms: rules of composite alarms, and what stops deployments. `undefined` when one is unknown. */
function usedNames(resources: Resources): readonly string[] | undefined {
  const rules = resources.of("aws_cloudwatch_composite_alarm").map(({ values }) => values.alarm_rule);
  const deployments = resources
    .of("aws_ecs_service")
    .flatMap(({ values }) => blocks(values.alarms).map(({ alarm_names }) => alarm_names));
  const all: readonly (Value | undefined)[] = [...rules, ...deployments];
  if (all.some((value) => isUnknown(value))) return undefined;
  return all.flat().flatMap((value) => text(value as Value) ?? []);
}
