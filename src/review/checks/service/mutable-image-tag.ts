import { runningDefinitions, type Check } from "../check";

export const mutableImageTag: Check = {
  id: "mutable-image-tag",
  title: "The image tag can change",
  severity: "warning",
  rationale:
    "A task that ECS restarts may run other code than the others: two versions in one cluster, without a deployment and without a rollback.",
  remediation:
    "Name the image by digest (…@sha256:…), or by a tag that is never moved in a repository with immutable tags.",
  related: ["checkov CKV_AWS_51 (immutable tags in ECR)", "trivy AWS-0031 (the same)"],
  sources: ["https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html"],
  *find(subject) {
    for (const { service, definition } of runningDefinitions(subject)) {
      if (!("known" in service.containers)) continue;
      for (const { name, image } of service.containers.known) {
        if (image === undefined || image.includes("@")) continue;
        const last = image.split("/").at(-1)!;
        const untagged = !last.includes(":") && !image.includes("${");
        if (untagged || last.endsWith(":latest"))
          yield {
            address: definition.address,
            message: `container ${name} runs ${image}${untagged ? ", which is :latest" : ""}`,
          };
      }
    }
  },
};
