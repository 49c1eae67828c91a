import { parseArn } from "../../../aws/arn";
import type { EnvironmentParts } from "../../schema/schema";
import type { Finding } from "../finding";

/**
 * CloudWatch and EventBridge publish to topics of their own region only.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function alarms(path: readonly string[], { alarms, region }: EnvironmentParts): Finding[] {
  const topicRegion = parseArn(alarms?.topic ?? "")?.region;
  if (topicRegion === undefined || region === undefined || topicRegion === region) return [];
  return [{ path: [...path, "alarms", "topic"], allowed: `a topic in the environment's region, ${region}` }];
}
