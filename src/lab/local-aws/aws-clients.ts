import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { parseArn } from "../../aws/arn";
import { type Aws, awsClients as clientsOf } from "../../aws/sdk/clients";

/** Where the AWS API is that the lab reads and writes. */
export interface AwsEndpoint {
  /** Such as `http://127.0.0.1:5000`. */
  readonly endpoint: string;
  readonly region: string;
}

/** The services that keep secrets. */
export type SecretClients = Pick<Aws, "secretsManager" | "ssm">;

/** SDK clients of one local AWS. */
export interface AwsClients extends Aws {
  readonly endpoint: string;
  readonly route53: Route53Client;
  readonly s3: S3Client;
  readonly scheduler: SchedulerClient;
  /** The clients of the account and Region that an ARN names: local AWS has several. */
  ownersOf(arn: string): SecretClients;
}

/** Clients with made-up credentials: whatever this machine's own ones are, they are neither read nor sent. */
export function awsClients({ endpoint, region }: AwsEndpoint): AwsClients {
  const options = { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  const aws = clientsOf(options);
  const route53 = new Route53Client(options);
  const scheduler = new SchedulerClient(options);
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const owners = new Map<string, SecretClients>();
  const ownersOf = (arn: string): SecretClients => {
    const owner = parseArn(arn);
    if (!owner) throw new Error(`"${arn}" isn't an ARN.`);
    const { region: ownersRegion, account } = owner;
    const key = `${ownersRegion} ${account}`;
    const clients = owners.get(key) ?? clientsIn({ ...options, region: ownersRegion }, account);
    owners.set(key, clients);
    return clients;
  };
  const destroy = () => {
    aws.destroy();
    route53.destroy();
    s3.destroy();
    scheduler.destroy();
    for (const { ssm, secretsManager } of owners.values()) {
      ssm.destroy();
      secretsManager.destroy();
    }
  };
  return { ...aws, endpoint, route53, s3, scheduler, ownersOf, destroy };
}

function clientsIn(options: { readonly region: string; readonly endpoint: string }, account: string): SecretClients {
  const ssm = new SSMClient(options);
  const secretsManager = new SecretsManagerClient(options);
  ssm.middlewareStack.add((next) => (args) => next(inAccount(args, account)), { step: "build" });
  secretsManager.middlewareStack.add((next) => (args) => next(inAccount(args, account)), { step: "build" });
  return { ssm, secretsManager };
}

/** Moto takes the account from a header. Source: https://docs.getmoto.org/en/latest/docs/multi_account.html */
function inAccount<Args extends { readonly request: unknown }>(args: Args, account: string): Args {
  (args.request as { headers: Record<string, string> }).headers["x-moto-account-id"] = account;
  return args;
}
