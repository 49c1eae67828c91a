import { parseArn } from "../../aws/arn";
import { isPullThroughCache, repositoryArnOf } from "../../aws/ecr-repository";
import type { Resource, Resources } from "../read/resources";
import { mayDo } from "./access";
import { covers } from "./conditions";
import { permissionsOf } from "./policies";

/** The actions that a role may not do and has to, so that ECS can pull an image for it. */
export interface MissingPull {
  readonly actions: readonly string[];
  /** Whether they are missing only for the first pull of an image through a cache. */
  readonly onlyFirst: boolean;
}

/**
 * What of a pull an execution role surely may not do; nothing for an image that isn't in ECR.
 * Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html,
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
 */
export function missingPull(image: string, role: Resource, resources: Resources): MissingPull | undefined {
  const arn = repositoryArnOf(image);
  if (arn === undefined) return undefined;
  const permissions = permissionsOf(role, resources);
  const refused = (action: string, resource: string) =>
    mayDo(permissions, {
      action,
      matches: (pattern) => covers(pattern, resource),
      context: { "aws:RequestedRegion": parseArn(arn)!.region },
    }) === false;
  // A policy of the repository or of the registry may allow what the role's don't.
  const open = resources.of("aws_ecr_repository_policy", "aws_ecr_registry_policy").length > 0;
  const onRepository = open ? [] : ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
  const actions = [
    ...["ecr:GetAuthorizationToken"].filter((action) => refused(action, "*")),
    ...onRepository.filter((action) => refused(action, arn)),
  ];
  if (actions.length > 0) return { actions, onlyFirst: false };
  if (open || !isPullThroughCache(arn)) return undefined;
  const fill = ["ecr:BatchImportUpstreamImage"].filter((action) => refused(action, arn));
  return fill.length > 0 ? { actions: fill, onlyFirst: true } : undefined;
}
