import type { ResourceChange } from "../../read/plan-format";
import { isObject, type Json } from "../../read/traversal";
import type { Check } from "../check";

export const nameTaken: Check = {
  id: "name-taken",
  title: "The plan creates a resource while another one has its name",
  severity: "error",
  rationale:
    "These names must be unique in AWS. With create_before_destroy, Terraform creates the replacement while the old resource still has the name. Terraform deletes one resource and creates another at the same time, unless one depends on the other. The apply then fails halfway with one of these errors: Creation of service was not idempotent, EntityAlreadyExists, ResourceAlreadyExistsException, InvalidGroup.Duplicate, ServiceAlreadyExists, ConflictingDomainExists.",
  remediation:
    "If only the address changed, write a moved block. Otherwise, delete the old resource in one apply and create the new one in the next, or give the new one another name. Without create_before_destroy, Terraform deletes before it creates.",
  limitations:
    "The check compares names that the plan knows, and resources that this plan creates with those that it deletes or forgets. It assumes that all resources are in one account and region.",
  sources: [
    "https://developer.hashicorp.com/terraform/language/modules/develop/refactoring",
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html",
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
    "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
    "https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html",
  ],
  *find({ changes: all = [] }) {
    const changes = all.filter(({ deposed }) => deposed === undefined);
    const going = new Map<string, ResourceChange[]>();
    for (const each of changes.filter(({ change: { actions } }) => actions.some((one) => /delete|forget/.test(one)))) {
      const key = nameOf(each, each.change.before);
      if (key !== undefined) going.set(key, [...(going.get(key) ?? []), each]);
    }
    for (const created of changes.filter(({ change }) => change.actions.includes("create"))) {
      const { address, change } = created;
      for (const old of going.get(nameOf(created, change.after) ?? "") ?? []) {
        const name = String((change.after as Json).name);
        const isKept = old.change.actions.includes("forget");
        if (old.address !== address) {
          const fate = isKept ? "stays in AWS with that name" : "is deleted with that name";
          yield { address, message: `${address} is created as ${name}, and ${old.address} ${fate} in the same apply` };
        } else if (isKept)
          yield { address, message: `${address} is created as ${name}, and the old one stays in AWS with that name` };
        else if (change.actions[0] === "create")
          yield { address, message: `${address} is created as ${name} before the old one of that name is deleted` };
      }
    }
  },
};

/** Where a name has to be unique: what else is part of it, by type. */
const uniqueIn = new Map<string, (values: Json) => readonly unknown[]>([
  ...["aws_alb", "aws_alb_target_group", "aws_lb", "aws_lb_target_group"].map((type) => [type, () => []] as const),
  ["aws_cloudwatch_log_group", () => []],
  ["aws_ecr_repository", () => []],
  ["aws_ecs_cluster", () => []],
  ["aws_ecs_service", ({ cluster }) => [clusterName(cluster)]],
  ["aws_iam_role", () => []],
  ["aws_security_group", ({ vpc_id }) => [vpc_id]],
  ["aws_service_discovery_private_dns_namespace", ({ vpc }) => [vpc]],
  [
    "aws_service_discovery_service",
    ({ dns_config }) => [dns_config].flat().map((block) => (isObject(block) ? block.namespace_id : undefined)),
  ],
]);

/** The last part of an ARN, or the name itself. */
const clusterName = (cluster: unknown) =>
  typeof cluster === "string" ? cluster.slice(cluster.lastIndexOf("/") + 1) : cluster;

/** What AWS accepts once; `undefined` where the plan doesn't know a part of it. */
function nameOf({ type }: ResourceChange, values: unknown): string | undefined {
  const within = uniqueIn.get(type);
  if (within === undefined || !isObject(values)) return undefined;
  // IAM doesn't distinguish names by case.
  const [name, ...places] = [values.name, ...within(values)];
  const parts = [type === "aws_iam_role" && typeof name === "string" ? name.toLowerCase() : name, ...places];
  return parts.every((part) => typeof part === "string") ? JSON.stringify([type, ...parts]) : undefined;
}
