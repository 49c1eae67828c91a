import { block, openBlocks } from "../../read/value";
import type { Check } from "../check";

export const discoveryHealthCheck: Check = {
  id: "discovery-health-check",
  title: "A Cloud Map service has no custom health check with a threshold",
  severity: "error",
  rationale:
    "Without a custom health check ECS can't take an unhealthy task out of DNS. With an empty block Terraform wants to replace the Cloud Map service on every plan, and ECS doesn't re-register running tasks in the new one.",
  remediation:
    "Write health_check_custom_config { failure_threshold = 1 }. AWS provider 6 prints a deprecation warning about it on every plan. Ignore the warning until an empty block works.",
  sources: [
    "https://github.com/hashicorp/terraform-provider-aws/issues/44285",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html",
  ],
  *find({ resources }) {
    for (const { address, values } of resources.of("aws_service_discovery_service")) {
      const written = values.health_check_custom_config;
      if (openBlocks(written) || openBlocks(values.health_check_config) || block(values.health_check_config)) continue;
      const config = block(written);
      if (config && config.failure_threshold !== undefined && config.failure_threshold !== null) continue;
      const empty = config !== undefined || (Array.isArray(written) && written.length > 0);
      if (empty)
        yield { address, message: "its custom health check has no failure_threshold: every plan will replace it" };
      else
        yield {
          address,
          severity: "warning",
          message: "it has no custom health check: a task that fails its health check stays in DNS",
        };
    }
  },
};
