import type { Check } from "../check";

export const minimumHealthy: Check = {
  id: "minimum-healthy",
  title: "A deployment may stop tasks before new ones run",
  severity: "warning",
  rationale:
    "With a minimum healthy percent under 100, ECS stops old tasks first. State that only their nodes have (processes, ETS tables, the last copy of a CRDT) is lost before another node can take it over.",
  remediation: "Set deployment_minimum_healthy_percent = 100 and a maximum percent above 100.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html"],
  *find({ services }) {
    for (const { name, resource, scale } of services)
      if (scale.minimumHealthyPercent < 100)
        yield {
          address: resource.address,
          message: `${name} may run ${scale.minimumHealthyPercent} % of its tasks while it deploys`,
        };
  },
};
