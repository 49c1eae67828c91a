import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client, type EC2ClientConfig } from "@aws-sdk/client-ec2";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { SSMClient } from "@aws-sdk/client-ssm";

/** SDK clients of one region. */
export interface Aws {
  readonly region: string;
  readonly ec2: EC2Client;
  readonly ecs: ECSClient;
  readonly iam: IAMClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
  readonly logs: CloudWatchLogsClient;
  readonly secretsManager: SecretsManagerClient;
  readonly serviceDiscovery: ServiceDiscoveryClient;
  readonly ssm: SSMClient;
  destroy(): void;
}

/** Where the clients connect to, and how. @default AWS itself, with the credentials that the SDK finds */
export interface AwsOptions extends Pick<EC2ClientConfig, "credentials" | "maxAttempts" | "retryMode"> {
  readonly region: string;
  /** Such as `http://127.0.0.1:5000`. */
  readonly endpoint?: string;
}

/** Clients until `destroy` is called. */
export function awsClients(options: AwsOptions): Aws {
  const clients = {
    ec2: new EC2Client(options),
    ecs: new ECSClient(options),
    iam: new IAMClient(options),
    loadBalancing: new ElasticLoadBalancingV2Client(options),
    logs: new CloudWatchLogsClient(options),
    secretsManager: new SecretsManagerClient(options),
    // DiscoverInstances goes to a host of its own, `data-…`, which an endpoint at an address doesn't have.
    serviceDiscovery: new ServiceDiscoveryClient({ ...options, disableHostPrefix: options.endpoint !== undefined }),
    ssm: new SSMClient(options),
  };
  return {
    region: options.region,
    ...clients,
    destroy: () => Object.values(clients).forEach((client) => client.destroy()),
  };
}

/** Attempts for one call: with the SDK's growing random waits they outlast a throttling of about 15 s. */
export const attempts = 6;

/**
 * Calls AWS for as long as `use` takes. The SDK retries a call that is throttled, or meets a fault of AWS's own: with
 * exponential backoff, full jitter, and {@link attempts} at most.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export async function withAws<Result>(region: string, use: (aws: Aws) => Promise<Result>): Promise<Result> {
  const aws = awsClients({ region, maxAttempts: attempts, retryMode: "standard" });
  try {
    return await use(aws);
  } finally {
    aws.destroy();
  }
}
