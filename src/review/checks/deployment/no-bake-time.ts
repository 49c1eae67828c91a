import { shiftingOf } from "../../../deployment";
import { block, blocks, flag, listed } from "../../read/value";
import { isUnset, shiftName, strategyOf } from "../../web/deployment-strategy";
import type { Check } from "../check";

export const noBakeTime: Check = {
  id: "no-bake-time",
  title: "Alarms of a deployment don't cover its last shift",
  severity: "warning",
  rationale:
    "An alarm needs minutes of requests before it goes off. With a bake time of 0, ECS stops the old tasks as soon as all requests go to the new ones: the deployment is then complete, and no alarm rolls it back.",
  remediation: "Set bake_time_in_minutes to at least the period of the alarms times their evaluation periods.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html",
  ],
  *find({ services }) {
    for (const { name, resource } of services) {
      const { address, values } = resource;
      const [alarms] = blocks(values.alarms);
      if (alarms === undefined || flag(alarms.enable) === false || listed(alarms.alarm_names).length === 0) continue;
      const strategy = strategyOf(resource);
      const shift = shiftName(values);
      if (!strategy || shift === undefined || shiftingOf({ strategy })?.bakeMinutes !== 0) continue;
      const unset = isUnset(block(values.deployment_configuration)?.bake_time_in_minutes);
      const bake = unset ? "no bake time" : "a bake time of 0 minutes";
      yield { address, message: `${name} deploys with ${shift}, alarms and ${bake}` };
    }
  },
};
