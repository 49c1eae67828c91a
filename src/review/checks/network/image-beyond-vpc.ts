import { repositoryArnOf } from "../../../aws/ecr-repository";
import { internetEgress } from "../../network/internet-egress";
import type { Check } from "../check";

export const imageBeyondVpc: Check = {
  id: "image-beyond-vpc",
  title: "Subnets without internet egress, and an image that isn't in ECR",
  severity: "error",
  rationale:
    "VPC endpoints lead to ECR of their own region. From subnets without NAT gateway, a task reaches no other registry, ECR Public and ECR of other regions included: CannotPullContainerError, after minutes.",
  remediation:
    "Copy the image to ECR of the same region, or name it through a pull-through cache; or add a route to a NAT gateway.",
  limitations:
    "It reports only where the plan shows the subnets and their route tables. An image that is known only at apply, such as one that a variable without a value names, is a note: the result is unknown.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html",
  ],
  *find({ services, scheduled, resources, place: { region } }) {
    const running = services.map((service) => ({ ...service, launch: service.resource.values }));
    const ecr = region === undefined ? "ECR" : `ECR of ${region}`;
    for (const source of [...running, ...scheduled]) {
      if (internetEgress(source, resources) !== false || !("known" in source.containers)) continue;
      for (const image of new Set(source.containers.known.map((container) => container.image))) {
        const where = whereIs(image, region);
        if (where === "here") continue;
        const subnets = `${source.name}'s subnets have no internet egress`;
        yield where === "unknown"
          ? {
              address: source.resource.address,
              severity: "note",
              message: `${subnets}, and whether its image ${image ?? ""} is in ${ecr} is unknown before apply`,
            }
          : {
              address: source.resource.address,
              message: `${subnets}, and its image ${image} isn't in ${ecr}: no endpoint leads to its registry`,
            };
      }
    }
  },
};

function whereIs(image: string | undefined, region: string | undefined): "here" | "elsewhere" | "unknown" {
  // A repository of this configuration is in the provider's region.
  if (image?.includes("${aws_ecr_repository.") || image?.includes("${data.aws_ecr_repository.")) return "here";
  const arn = image === undefined ? undefined : repositoryArnOf(image);
  if (arn !== undefined) return region === undefined || arn.includes(`:ecr:${region}:`) ? "here" : "elsewhere";
  return image === undefined || image.includes("${") ? "unknown" : "elsewhere";
}
