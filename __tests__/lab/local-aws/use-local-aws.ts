import { type LocalAws, type LocalAwsOptions, startLocalAws } from "../../../src/lab/local-aws/aws";
import { type AwsClients, awsClients } from "../../../src/lab/local-aws/aws-clients";

/** Local AWS, with clients, for the tests around this call: it starts before the first of them and ends after the last. */
export function useLocalAws(options: LocalAwsOptions = {}): { readonly aws: LocalAws; readonly clients: AwsClients } {
  const local = {} as { aws: LocalAws; clients: AwsClients };
  beforeAll(async () => {
    local.aws = await startLocalAws(options);
    local.clients = awsClients(local.aws);
  });
  afterAll(async () => {
    local.clients?.destroy();
    await local.aws?.stop();
  });
  return local;
}
