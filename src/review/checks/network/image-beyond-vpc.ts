import { repositoryArnOf } from "../../../aws/ecr-repository";
import { internetEgress } from "../../network/internet-egress";
import type { Check } from "../check";

export const imageBeyondVpc: Check = {
  id: "image-beyond-vpc",
  title: "Subnets without internet egress, and an image that isn't in ECR",
  severity: "error",
  rationale:
    "VPC endpoints reach only ECR in their own region. From subnets without a NAT gateway, a task reaches no other registry, not even ECR Public or ECR in another region. It fails after minutes with CannotPullContainerError.",
  remediation: "Copy the image to ECR in the same region, use a pull-through cache, or add a route to a NAT gateway.",
  limitations:
    "The check needs the subnets and their route tables in the plan. If the image is known only at apply, for example because a variable has no value, the finding is a note: the result is unknown.",
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
