import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECSClient } from "@aws-sdk/client-ecs";
import { IAMClient } from "@aws-sdk/client-iam";
import { Route53Client } from "@aws-sdk/client-route-53";
import { ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { SSMClient } from "@aws-sdk/client-ssm";

/** Where the AWS API is that the lab reads and writes. */
export interface AwsEndpoint {
  /** Such as `http://127.0.0.1:5000`. */
  readonly endpoint: string;
  readonly region: string;
}

/** SDK clients of one local AWS. */
export interface AwsClients {
  readonly region: string;
  readonly endpoint: string;
  readonly ecs: ECSClient;
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly route53: Route53Client;
  readonly serviceDiscovery: ServiceDiscoveryClient;
  readonly ssm: SSMClient;
  destroy(): void;
}

/** Clients with made-up credentials: whatever this machine's own ones are, they are neither read nor sent. */
export function awsClients({ endpoint, region }: AwsEndpoint): AwsClients {
  const options = { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  const clients = {
    ecs: new ECSClient(options),
    ec2: new EC2Client(options),
    iam: new IAMClient(options),
    logs: new CloudWatchLogsClient(options),
    route53: new Route53Client(options),
    // DiscoverInstances goes to a host of its own, `data-…`, which a loopback address has not.
    serviceDiscovery: new ServiceDiscoveryClient({ ...options, disableHostPrefix: true }),
    ssm: new SSMClient(options),
  };
  return {
    region,
    endpoint,
    ...clients,
    destroy: () => Object.values(clients).forEach((client) => client.destroy()),
  };
}
