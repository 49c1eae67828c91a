import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { type Aws, awsClients as clientsOf } from "../../aws/sdk/clients";

/** Where the AWS API is that the lab reads and writes. */
export interface AwsEndpoint {
  /** Such as `http://127.0.0.1:5000`. */
  readonly endpoint: string;
  readonly region: string;
}

/** SDK clients of one local AWS. */
export interface AwsClients extends Aws {
  readonly endpoint: string;
  readonly route53: Route53Client;
  readonly s3: S3Client;
}

/** Clients with made-up credentials: whatever this machine's own ones are, they are neither read nor sent. */
export function awsClients({ endpoint, region }: AwsEndpoint): AwsClients {
  const options = { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  const aws = clientsOf(options);
  const route53 = new Route53Client(options);
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const destroy = () => {
    aws.destroy();
    route53.destroy();
    s3.destroy();
  };
  return { ...aws, endpoint, route53, s3, destroy };
}
