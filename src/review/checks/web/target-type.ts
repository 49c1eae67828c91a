import { text } from "../../read/value";
import type { Check } from "../check";

export const targetType: Check = {
  id: "target-type",
  title: "A target group can't contain tasks, which have their own addresses",
  severity: "error",
  rationale:
    "ECS refuses the service. A task with its own network interface (awsvpc, so every task on Fargate) registers by IP address, but the target group accepts instances, which is the default, or another kind.",
  remediation:
    'Set target_type = "ip" in the target group. That replaces it, so give it create_before_destroy and another name.',
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb.html"],
  *find({ web }) {
    for (const { service, targetGroup } of web) {
      const { target_type: value } = targetGroup.values;
      const type = value === undefined || value === null ? "instance" : text(value);
      // Without awsvpc, tasks register by instance and port.
      const mode = service.taskDefinition?.values.network_mode;
      if (type === undefined || type === "ip" || mode !== "awsvpc") continue;
      yield {
        address: targetGroup.address,
        message: `tasks of ${service.name} register by address, and ${targetGroup.address} has the target type ${type}`,
      };
    }
  },
};
