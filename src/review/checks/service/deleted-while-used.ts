import type { ResourceChange } from "../../read/plan-format";
import type { Check, Problem, Severity } from "../check";
import { isObject, type Json } from "../../read/traversal";

export const deletedWhileUsed: Check = {
  id: "deleted-while-used",
  title: "The plan deletes something that AWS doesn't delete while it is in use",
  severity: "error",
  rationale:
    "Terraform destroys a resource before it updates what depends on it, unless it was created with create_before_destroy. AWS doesn't delete a security group that tasks or load balancers have, or that another group's rule names: the apply fails with DependencyViolation after 15 minutes, changes no service, and fails again the next time. AWS doesn't delete a target group that a listener forwards to, a Cloud Map service with registered tasks, or a namespace with services. With force_destroy, Cloud Map does, and DNS doesn't find the tasks until each has been replaced. ECR doesn't delete a repository with images.",
  remediation:
    "Set create_before_destroy on the resource and apply only that first. Or move its users to the new resource in one apply, and delete the old one in the next. If another state takes the resource over, write a removed block with destroy = false. For a repository, set force_delete and apply that first, or keep it.",
  limitations:
    "A plan doesn't say whether a resource that is only deleted has create_before_destroy in the state: that is a warning. Services that the plan deletes or replaces, and those without tasks, use nothing. It doesn't know whether a repository contains images.",
  sources: [
    "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy",
    "https://docs.aws.amazon.com/vpc/latest/userguide/deleting-security-groups.html",
    "https://docs.aws.amazon.com/cloud-map/latest/dg/deleting-services.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-delete.html",
  ],
  *find({ changes: all = [] }) {
    const changes = all.filter(({ deposed }) => deposed === undefined);
    const staying = changes.filter(({ change }) => isObject(change.before) && !change.actions.includes("delete"));
    for (const removed of changes) {
      const { before, actions } = removed.change;
      if (!actions.includes("delete") || !isObject(before)) continue;
      if (removed.type === "aws_ecr_repository") yield* ofRepository(removed, before);
      for (const use of uses.filter(({ deleted }) => deleted.test(removed.type)))
        yield* ofUse(use, removed, before, staying);
    }
  },
};

/** One way to use a resource, during which AWS doesn't delete it. */
interface Use {
  /** Type of what is used. */
  readonly deleted: RegExp;
  /** What identifies it. */
  readonly by: "id" | "arn";
  /** Type of what uses it. */
  readonly user: RegExp;
  /** The ids that a user has. @param id the one that is asked for */
  readonly ids: (user: Json, id: string) => readonly unknown[];
  readonly when: (before: Json) => string;
  /** @default as bad as the check's own */
  readonly severity?: (before: Json) => Severity | undefined;
}

const securityGroup = { deleted: /^aws_security_group$/, by: "id" } as const;
const targetGroup = { deleted: /^aws_(?:lb|alb)_target_group$/, by: "arn" } as const;
const forced = (before: Json) => before.force_destroy === true;

const uses: readonly Use[] = [
  {
    ...securityGroup,
    user: /^aws_ecs_service$/,
    ids: (service) => withTasks(service, "network_configuration", "security_groups"),
    when: () => "before the services move that run in it",
  },
  {
    ...securityGroup,
    user: /^aws_(?:lb|alb)$/,
    ids: ({ security_groups }) => [security_groups].flat(),
    when: () => "before the load balancers move that have it",
  },
  {
    ...securityGroup,
    user: /^aws_(?:vpc_security_group_(?:in|e)gress|security_group)_rule$/,
    ids: (rule, id) =>
      rule.security_group_id === id ? [] : [rule.referenced_security_group_id, rule.source_security_group_id],
    when: () => "before the rules of other groups that name it",
  },
  {
    ...targetGroup,
    user: /^aws_(?:lb|alb)_listener$/,
    ids: (listener) => nested(listener, "default_action", "target_group_arn"),
    when: () => "before the listeners move that forward to it",
  },
  {
    ...targetGroup,
    user: /^aws_(?:lb|alb)_listener_rule$/,
    ids: (rule) => nested(rule, "action", "target_group_arn"),
    when: () => "before the listener rules move that forward to it",
  },
  {
    deleted: /^aws_service_discovery_service$/,
    by: "arn",
    user: /^aws_ecs_service$/,
    ids: (service) => withTasks(service, "service_registries", "registry_arn"),
    when: (before) =>
      forced(before)
        ? "with its records before the services move that register in it, and nobody finds their tasks until then"
        : "before the services move that register in it, which Cloud Map refuses",
    severity: (before) => (forced(before) ? "warning" : undefined),
  },
  {
    deleted: /^aws_service_discovery_\w+_namespace$/,
    by: "id",
    user: /^aws_service_discovery_service$/,
    ids: (service) => nested(service, "dns_config", "namespace_id"),
    when: () => "while it holds services, which Cloud Map refuses",
  },
];

function* ofUse(use: Use, { address, change }: ResourceChange, before: Json, staying: readonly ResourceChange[]) {
  const id = before[use.by];
  if (typeof id !== "string") return;
  const has = (values: unknown) => isObject(values) && use.ids(values, id).includes(id);
  const users = staying.filter(({ type, change: { before } }) => use.user.test(type) && has(before));
  const named = (some: readonly ResourceChange[]) => some.map((user) => user.address).join(", ");
  const still = users.filter((user) => has(user.change.after));
  if (still.length > 0) {
    yield { address, message: `${address} is deleted, and these use it after the apply too: ${named(still)}` };
    return;
  }
  // Created first, deleted last: whatever used it has moved by then.
  if (users.length === 0 || change.actions[0] === "create") return;
  const severity = use.severity?.(before);
  if (change.actions.includes("create")) {
    const message = `${address} is deleted ${use.when(before)}: ${named(users)}`;
    yield { address, message, ...(severity && { severity }) };
    return;
  }
  const message = `${address} is deleted ${use.when(before)}, unless it was created with create_before_destroy: ${named(users)}`;
  yield { address, message, severity: "warning" as const };
}

function* ofRepository({ address }: ResourceChange, { force_delete }: Json): Generator<Problem> {
  if (force_delete !== true)
    yield {
      address,
      message: `${address} is deleted without force_delete, which ECR refuses while it contains images`,
      severity: "warning",
    };
}

/** The values of an attribute in all blocks of a name. */
function nested(values: Json, block: string, attribute: string): readonly unknown[] {
  return [values[block]].flat().flatMap((each) => (isObject(each) ? each[attribute] : []));
}

/** A service without tasks uses nothing. */
function withTasks(service: Json, block: string, attribute: string): readonly unknown[] {
  return service.desired_count === 0 ? [] : nested(service, block, attribute);
}
