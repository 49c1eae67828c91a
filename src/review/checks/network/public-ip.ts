import { block, flag } from "../../read/value";
import type { Check } from "../check";

export const publicIp: Check = {
  id: "public-ip",
  title: "Tasks get a public IP address",
  severity: "warning",
  rationale:
    "If one rule is too wide, the internet can reach the node. Nodes and load balancers need only private addresses.",
  remediation: "Set assign_public_ip = false and use private subnets with a NAT gateway or VPC endpoints.",
  related: ["checkov CKV_AWS_333"],
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html"],
  *find({ services }) {
    for (const { name, resource } of services)
      if (flag(block(resource.values.network_configuration)?.assign_public_ip) === true)
        yield { address: resource.address, message: `${name} assigns public IP addresses to its tasks` };
  },
};
