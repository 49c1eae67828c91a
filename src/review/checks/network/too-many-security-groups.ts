import { maxSecurityGroups } from "../../../aws/limits";
import type { Check } from "../check";

export const tooManySecurityGroups: Check = {
  id: "too-many-security-groups",
  title: "A task has more than five security groups",
  severity: "error",
  rationale: "ECS accepts at most five in awsvpcConfiguration, and refuses the service at apply.",
  remediation: "Put the rules of several groups into one.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html"],
  *find({ services }) {
    for (const { name, resource, endpoint } of services)
      if (endpoint.groups.length > maxSecurityGroups)
        yield { address: resource.address, message: `${name} has ${endpoint.groups.length} security groups` };
  },
};
