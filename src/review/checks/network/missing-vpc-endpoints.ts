import { neededEndpoints, presentEndpoints, wayOut } from "../../network/way-out";
import type { Check } from "../check";

export const missingVpcEndpoints: Check = {
  id: "missing-vpc-endpoints",
  title: "Subnets without a way out lack VPC endpoints",
  severity: "error",
  why: "Fargate pulls the image, reads the secrets and sends the logs through the task's own network interface. Without NAT gateway and without these endpoints no task starts: ResourceInitializationError, after minutes.",
  mending: "Add aws_vpc_endpoint for each missing service (S3 as a gateway endpoint), or a route to a NAT gateway.",
  silent:
    "It speaks where the plan shows the subnets, their route tables and the VPC's endpoints; what exists outside the plan isn't seen.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html",
  ],
  *find({ services, resources }) {
    for (const service of services) {
      if (wayOut(service, resources) !== false) continue;
      const present = presentEndpoints(resources);
      const missing = present ? neededEndpoints(service).filter((name) => !present.has(name)) : [];
      if (missing.length > 0)
        yield {
          address: service.resource.address,
          message: `${service.name}'s subnets have no way out, and the VPC has no endpoint for ${missing.join(", ")}`,
        };
    }
  },
};
