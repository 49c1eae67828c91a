import { isUnknown, number } from "../../read/value";
import type { Check } from "../check";

export const logRetention: Check = {
  id: "log-retention",
  title: "Logs never expire",
  severity: "warning",
  rationale: "CloudWatch keeps and bills them indefinitely, including anything that was logged by mistake.",
  remediation: "Set retention_in_days, for instance 30.",
  related: ["checkov CKV_AWS_66"],
  sources: ["https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html"],
  *find({ resources }) {
    for (const { address, values } of resources.of("aws_cloudwatch_log_group"))
      if (!isUnknown(values.retention_in_days) && !number(values.retention_in_days))
        yield { address, message: "retention_in_days isn't set" };
  },
};
