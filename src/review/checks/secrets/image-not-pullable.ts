import { missingPull } from "../../iam/image-access";
import { roleOf } from "../../iam/policies";
import { runningDefinitions, type Check } from "../check";

export const imageNotPullable: Check = {
  id: "image-not-pullable",
  title: "The execution role can't pull an image from ECR",
  severity: "error",
  rationale:
    "ECS pulls images with the execution role. If ECR refuses, no task starts: tasks fail with CannotPullContainerError or ResourceInitializationError until the circuit breaker stops the deployment.",
  remediation:
    "Allow ecr:GetAuthorizationToken on *, and ecr:BatchCheckLayerAvailability, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on the repository's ARN. For a pull-through cache, also allow ecr:BatchImportUpstreamImage, and ecr:CreateRepository unless the repository exists. AWS's AmazonECSTaskExecutionRolePolicy allows all but the last two.",
  limitations:
    "The check reports nothing for a role outside this plan, if a policy or the image isn't known before apply, or for AWS policies that it doesn't know. If the plan has a policy of a repository or of the registry, it checks only ecr:GetAuthorizationToken. It recognizes a pull-through cache by the prefixes that AWS proposes. It ignores repository policies outside the plan, permissions boundaries, and statements that deny.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html",
  ],
  *find(subject) {
    for (const { service, definition } of runningDefinitions(subject)) {
      const role = roleOf(definition.values.execution_role_arn, subject.resources);
      if (!role || !("known" in service.containers)) continue;
      for (const image of new Set(service.containers.known.map(({ image }) => image))) {
        const missing = image === undefined ? undefined : missingPull(image, role, subject.resources);
        if (!missing) continue;
        const denied = `${role.address} may not ${missing.actions.join(", ")} for ${image}`;
        if (missing.onlyFirst)
          yield {
            address: role.address,
            severity: "warning",
            message: `${denied}: the first pull of an image through the cache fails, and so do ${service.name}'s tasks`,
          };
        else yield { address: role.address, message: `${denied}: ${service.name}'s tasks never start` };
      }
    }
  },
};
