import { containersOf } from "../../cluster/node/containers";
import type { Resource } from "../../read/resources";
import type { Check } from "../check";

export const imageRepositoryDeleted: Check = {
  id: "image-repository-deleted",
  title: "The plan deletes an ECR repository with the image of a task definition",
  severity: "error",
  rationale:
    "ECS pulls the image for each new task, even when it replaces a failed task or the circuit breaker rolls back. Without the repository, no task can start (CannotPullContainerError).",
  remediation:
    "Keep the repository (terraform state rm, or a removed block with destroy = false) until no task definition in use names one of its images.",
  limitations:
    "The check compares the repository's URL with the images of this plan's task definitions, as they will be (an error) and as they were (a warning: the rollback needs them). It doesn't compare images that aren't known before apply.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-delete.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html",
  ],
  *find({ changes = [], resources }) {
    const definitions = resources.of("aws_ecs_task_definition");
    for (const { address, type, change } of changes) {
      if (type !== "aws_ecr_repository" || !change.actions.includes("delete")) continue;
      const url = (change.before as { repository_url?: unknown } | null | undefined)?.repository_url;
      if (typeof url !== "string" || url === "") continue;
      const holds = (image: string | undefined) =>
        image === url || image?.startsWith(`${url}:`) || image?.startsWith(`${url}@`);
      const after = definitions.filter((definition) => imagesOf(definition).some(holds));
      const before = definitions.filter(({ before }) => before && imagesOf({ values: before }).some(holds));
      const [users, when] = after.length > 0 ? [after, "runs"] : [before, "ran until now"];
      if (users.length > 0)
        yield {
          address,
          message: `${address} is deleted with the image that ${users.map((user) => user.address).join(", ")} ${when}`,
          ...(after.length === 0 && { severity: "warning" as const }),
        };
    }
  },
};

function imagesOf(definition: Pick<Resource, "values">): readonly (string | undefined)[] {
  const containers = containersOf(definition, "");
  return "known" in containers ? containers.known.map(({ image }) => image) : [];
}
