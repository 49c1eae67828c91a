import { controllerOf } from "../../cluster/tasks/scale";
import { blocks, flag, listed } from "../../read/value";
import type { Check } from "../check";

export const deploymentAlarmsOff: Check = {
  id: "deployment-alarms-off",
  title: "Alarms of a deployment roll nothing back",
  severity: "warning",
  rationale:
    "A service names alarms so that a deployment ends when one goes off. With enable = false, ECS ignores them. With rollback = false, it stops the deployment and leaves the new tasks running.",
  remediation: "Write alarms { alarm_names = [...], enable = true, rollback = true }, or remove the block.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html"],
  *find({ services }) {
    for (const { name, resource } of services) {
      const { address, values } = resource;
      if (controllerOf(values) !== "ECS") continue;
      for (const { alarm_names: names, enable, rollback } of blocks(values.alarms)) {
        if (listed(names).length === 0) continue;
        if (flag(enable) === false) yield { address, message: `${name} has deployment alarms that are disabled` };
        else if (flag(rollback) === false)
          yield { address, message: `${name} stops a deployment at an alarm but doesn't roll it back` };
      }
    }
  },
};
