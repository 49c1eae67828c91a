import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECSClient } from "@aws-sdk/client-ecs";
import { IAMClient } from "@aws-sdk/client-iam";
import { ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { SSMClient } from "@aws-sdk/client-ssm";

/** SDK clients of one region, with the credentials that the SDK finds by itself. */
export interface Aws {
  readonly region: string;
  readonly ec2: EC2Client;
  readonly ecs: ECSClient;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly serviceDiscovery: ServiceDiscoveryClient;
  readonly ssm: SSMClient;
}

/** Attempts of each call. With the SDK's growing random waits, they outlast throttling of about 15 s. */
export const attempts = 6;

/**
 * Gives `use` clients of AWS. The SDK retries throttled calls and AWS's own faults, with exponential backoff, full jitter,
 * and at most {@link attempts}.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export async function withAws<Result>(region: string, use: (aws: Aws) => Promise<Result>): Promise<Result> {
  const options = { region, maxAttempts: attempts, retryMode: "standard" };
  const clients = {
    ec2: new EC2Client(options),
    ecs: new ECSClient(options),
    iam: new IAMClient(options),
    logs: new CloudWatchLogsClient(options),
    serviceDiscovery: new ServiceDiscoveryClient(options),
    ssm: new SSMClient(options),
  };
  try {
    return await use({ region, ...clients });
  } finally {
    Object.values(clients).forEach((client) => client.destroy());
  }
}

/** Splits a list into parts of at most `size`, the limit of one call. */
export function batches<Value>(values: readonly Value[], size: number): Value[][] {
  const parts: Value[][] = [];
  for (let first = 0; first < values.length; first += size) parts.push(values.slice(first, first + size));
  return parts;
}
