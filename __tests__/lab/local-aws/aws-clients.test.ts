import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { GetParametersCommand } from "@aws-sdk/client-ssm";
import { awsClients } from "../../../src/lab/local-aws/aws-clients";

describe("awsClients", () => {
  const asked: (readonly [account: unknown, region: string | undefined])[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const [, region] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
    asked.push([request.headers["x-moto-account-id"], region]);
    response.setHeader("content-type", "application/x-amz-json-1.1").end("{}");
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it("ask the account and Region of an ARN, and otherwise those of local AWS", async () => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const clients = awsClients({ endpoint, region: "eu-west-1" });
    const owners = clients.ownersOf("arn:aws:ssm:eu-central-1:210987654321:parameter/mail");
    await clients.ssm.send(new GetParametersCommand({ Names: ["/own"] }));
    await owners.ssm.send(new GetParametersCommand({ Names: ["/mail"] }));
    await owners.secretsManager.send(new DescribeSecretCommand({ SecretId: "mail" }));
    expect(asked).toEqual([
      [undefined, "eu-west-1"],
      ["210987654321", "eu-central-1"],
      ["210987654321", "eu-central-1"],
    ]);
    clients.destroy();
  });
});
