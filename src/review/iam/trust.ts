import { partitionOfRegion } from "../../aws/ecr-repository";
import type { Place } from "../read/provider";
import type { Resource, Resources } from "../read/resources";
import { matchesAction } from "../../aws/iam";
import { anything, conditionsHold, every, some } from "./conditions";
import { readPolicy } from "./documents";

const tasks = "ecs-tasks.amazonaws.com";

/**
 * Whether a role's trust policy lets ECS assume it for tasks in a place; `undefined` where that isn't known.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cross-service-confused-deputy-prevention.html
 */
export function tasksMayAssume(role: Resource, place: Place, resources: Resources): boolean | undefined {
  const { region = anything, account = anything } = place;
  return mayAssume(role, { principal: tasks, source: `ecs:${region}:${account}:${anything}`, place }, resources);
}

/**
 * Whether a role's trust policy lets an AWS service assume it for a resource.
 * @param source the resource's ARN without `arn:` and partition, with `${}` for what isn't known
 */
export function mayAssume(
  role: Resource,
  {
    principal,
    source,
    place: { region, account },
  }: { readonly principal: string; readonly source: string; readonly place: Place },
  resources: Resources,
): boolean | undefined {
  const policy = readPolicy(role.values.assume_role_policy, role.address, resources);
  const context = {
    "aws:SourceAccount": account ?? anything,
    "aws:SourceArn": `arn:${partitionOf(region)}:${source}`,
    "sts:ExternalId": null,
  };
  const answer = some(
    policy.statements
      .filter(({ actions }) => actions.some((pattern) => matchesAction("sts:AssumeRole", pattern)))
      .map(({ services, conditions }) =>
        every([
          services.includes("*") || services.includes(principal),
          conditions && conditionsHold(conditions, context),
        ]),
      ),
  );
  return answer === false && (policy.open || role.values.assume_role_policy === undefined) ? undefined : answer;
}

/** The partition of a region, or what stands for any. */
export const partitionOf = (region: string | undefined): string =>
  region === undefined ? anything : partitionOfRegion(region);

/** Where a task definition's tasks run: what its provider sets, else what ARNs and data sources of the plan say. */
export function placeOfTasks(definition: Resource, role: Resource, place: Place, resources: Resources): Place {
  const own = /^arn:[^:]*:ecs:([^:]+):(\d{12}):/.exec(String(definition.values.arn));
  const region =
    definition.values.region ?? own?.[1] ?? place.region ?? sole(resources.of("data.aws_region"), "region", "name");
  const account =
    own?.[2] ??
    /^arn:[^:]*:iam::(\d{12}):/.exec(String(role.values.arn))?.[1] ??
    place.account ??
    sole(resources.of("data.aws_caller_identity"), "account_id");
  return {
    ...(typeof region === "string" && !region.includes("${") && { region }),
    ...(typeof account === "string" && !account.includes("${") && { account }),
  };
}

/** What all data sources of one type agree on. */
function sole(sources: readonly Resource[], ...attributes: readonly string[]): string | undefined {
  const values = new Set(
    sources.map(({ values }) => attributes.map((name) => values[name]).find((value) => typeof value === "string")),
  );
  const [value] = values;
  return values.size === 1 ? (value as string | undefined) : undefined;
}
