import { isNode } from "../../cluster/node/containers";
import { flag } from "../../read/value";
import type { Check } from "../check";

/** Where the agent of ECS Exec writes. */
const folders = ["/var/lib/amazon/ssm", "/var/log/amazon/ssm"];

export const execReadOnlyRoot: Check = {
  id: "exec-read-only-root",
  title: "ECS Exec is on, and the root file system is read-only",
  severity: "error",
  rationale:
    "The agent that ECS puts into the task can't write to its folders, and every session ends at once. In a sidecar, the finding is a note: sessions in the node's container work.",
  remediation: `Mount writable volumes at ${folders.join(" and ")}, or leave the root file system writable.`,
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
    "https://github.com/aws/containers-roadmap/issues/1359",
  ],
  *find({ services }) {
    for (const { name, resource, taskDefinition, containers } of services) {
      if (flag(resource.values.enable_execute_command) !== true || !taskDefinition || !("known" in containers))
        continue;
      for (const container of containers.known) {
        const missing = folders.filter(
          (folder) =>
            !container.writableMounts.some(
              (mount) => folder === mount || folder.startsWith(`${mount.replace(/\/$/, "")}/`),
            ),
        );
        if (container.readonlyRoot && missing.length > 0)
          yield {
            address: taskDefinition.address,
            ...(isNode(container) || !containers.known.some(isNode) ? {} : { severity: "note" }),
            message: `${name} has ECS Exec on, and container ${container.name} can't write to ${missing.join(" and ")}`,
          };
      }
    }
  },
};
