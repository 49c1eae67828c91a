import { neededEndpoints, presentEndpoints, internetEgress } from "../../network/internet-egress";
import type { Check } from "../check";

export const missingVpcEndpoints: Check = {
  id: "missing-vpc-endpoints",
  title: "Subnets without internet egress lack VPC endpoints",
  severity: "error",
  rationale:
    "Fargate pulls the image, reads the secrets and sends the logs through the task's own network interface. Without a NAT gateway and without these endpoints, no task starts: it fails after minutes with ResourceInitializationError. A task that protects itself from scale-in reaches ECS in the same way.",
  remediation: "Add aws_vpc_endpoint for each missing service (S3 as a gateway endpoint), or a route to a NAT gateway.",
  limitations:
    "The check needs the subnets, their route tables and the VPC's endpoints in the plan. It doesn't see what exists outside the plan.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html",
  ],
  *find({ services, scheduled, resources }) {
    const running = services.map((service) => ({ ...service, launch: service.resource.values }));
    for (const source of [...running, ...scheduled]) {
      if (internetEgress(source, resources) !== false) continue;
      const present = presentEndpoints(resources);
      const missing = present ? neededEndpoints(source, resources).filter((name) => !present.has(name)) : [];
      if (missing.length > 0)
        yield {
          address: source.resource.address,
          message: `${source.name}'s subnets have no internet egress, and the VPC has no endpoint for ${missing.join(", ")}`,
        };
    }
  },
};
