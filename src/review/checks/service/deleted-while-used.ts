import type { ResourceChange } from "../../read/plan-format";
import type { Check, Problem } from "../check";
import { isObject, type Json } from "../../read/traversal";

export const deletedWhileUsed: Check = {
  id: "deleted-while-used",
  title: "The plan deletes what running tasks still use",
  severity: "error",
  rationale:
    "Terraform destroys a resource before it updates what depends on it, unless it was created with create_before_destroy. AWS doesn't delete a security group that tasks have: the apply waits 15 minutes for DependencyViolation, no service is changed, and a second apply can't help. Cloud Map doesn't delete a service with registered tasks, nor a namespace with services; with force_destroy the tasks can't be found until each has been replaced.",
  remediation:
    "Set create_before_destroy on the resource and apply that alone first; or move the services to the new one in one apply, and delete the old one in the next.",
  limitations:
    "A plan doesn't say whether a resource that is only deleted has create_before_destroy in the state: that is a warning. Services that the plan deletes or replaces, and those without tasks, use nothing.",
  sources: [
    "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy",
    "https://docs.aws.amazon.com/vpc/latest/userguide/deleting-security-groups.html",
    "https://docs.aws.amazon.com/cloud-map/latest/dg/deleting-services.html",
  ],
  *find({ changes: all = [] }) {
    const changes = all.filter(({ deposed }) => deposed === undefined);
    const staying = changes.filter(({ change }) => isObject(change.before) && !change.actions.includes("delete"));
    for (const removed of changes) {
      const before = removed.change.before;
      if (!removed.change.actions.includes("delete") || !isObject(before)) continue;
      // Created first, deleted last: whatever used it has moved by then.
      if (removed.change.actions[0] === "create") continue;
      const problem = problemOf(removed, before, staying);
      if (!problem) continue;
      const replaced = removed.change.actions.includes("create");
      yield replaced ? problem : { ...problem, severity: "warning" };
    }
  },
};

function problemOf(
  { type, address }: ResourceChange,
  before: Json,
  staying: readonly ResourceChange[],
): Problem | undefined {
  const named = (users: readonly string[]) => users.join(", ");
  if (type === "aws_security_group") {
    const users = usersOf(staying, "aws_ecs_service", "network_configuration", "security_groups", before.id);
    if (users.length > 0)
      return {
        address,
        message: `${address} is deleted before the services move that run in it: ${named(users)}`,
      };
  }
  if (type === "aws_service_discovery_service") {
    const users = usersOf(staying, "aws_ecs_service", "service_registries", "registry_arn", before.arn);
    const forced = before.force_destroy === true;
    if (users.length > 0)
      return {
        address,
        message: forced
          ? `${address} is deleted with its records before the services move that register in it, and nobody finds their tasks until then: ${named(users)}`
          : `${address} is deleted before the services move that register in it, which Cloud Map refuses: ${named(users)}`,
        ...(forced && { severity: "warning" as const }),
      };
  }
  if (/^aws_service_discovery_\w+_namespace$/.test(type)) {
    const users = usersOf(staying, "aws_service_discovery_service", "dns_config", "namespace_id", before.id);
    if (users.length > 0)
      return {
        address,
        message: `${address} is deleted while it holds services, which Cloud Map refuses: ${named(users)}`,
      };
  }
  return undefined;
}

/** Addresses of the resources that name an id inside a block before the apply, and are there after it. */
function usersOf(
  staying: readonly ResourceChange[],
  type: string,
  block: string,
  attribute: string,
  id: unknown,
): readonly string[] {
  return staying
    .filter((user) => {
      const before = user.change.before;
      if (user.type !== type || typeof id !== "string" || !isObject(before) || before.desired_count === 0) return false;
      const blocks: unknown = before[block];
      return Array.isArray(blocks) && blocks.some((each) => isObject(each) && [each[attribute]].flat().includes(id));
    })
    .map(({ address }) => address);
}
