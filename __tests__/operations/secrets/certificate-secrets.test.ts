import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParametersCommand,
  PutParameterCommand,
} from "@aws-sdk/client-ssm";
import { certificatesFrom, issuerOf } from "../../../src/certificates/node-certificates";
import { secretsCommand } from "../../../src/cli/operations/secrets";
import { advice } from "../../../src/advice";
import { runCommand } from "../command";
import { Deployed, environmentsText } from "../deployed";
import { FaultyAws } from "../faulty-aws";

const parameter = "/my-org/prod/node-certificates";
const tls = { distribution: { tls: { certificates: { ssmParameter: parameter } } } };

/** Tasks as they run once a change is deployed, or before it. */
const task = (service: string, number: number, startedAt: Date) => ({
  service,
  id: String(number).repeat(32),
  address: `10.0.1.${number}`,
  record: { startedAt: startedAt.toISOString() },
});

const prod = { region: "eu-west-1", cluster: "my-cluster" };
const redeploy = advice.redeployService({ ...prod, service: "myapp" });

const later = () => new Date(Date.now() + 60_000);
const earlier = () => new Date(Date.now() - 3_600_000);

describe("secrets: certificates of nodes", () => {
  let deployed: Deployed;
  let faulty: FaultyAws;

  beforeAll(async () => {
    deployed = await Deployed.start();
    await deployed.checkpoint();
    faulty = await FaultyAws.inFrontOf(deployed.aws.endpoint);
    process.env.AWS_ENDPOINT_URL = faulty.endpoint;
  });

  beforeEach(async () => {
    faulty.clear();
    await deployed.restore();
    deployed.write(environmentsText(tls));
  });

  afterAll(async () => {
    await faulty.close();
    await deployed.stop();
  });

  const secrets = (...args: string[]) =>
    runCommand(secretsCommand(), "prod", "--environments", deployed.file, "--yes", ...args);

  async function kept() {
    const Names = [parameter, `${parameter}-public`, `${parameter}-authority`];
    const { Parameters = [] } = await deployed.clients.ssm.send(
      new GetParametersCommand({ Names, WithDecryption: true }),
    );
    const [nodes, open, authority] = Names.map((name) => Parameters.find(({ Name }) => Name === name)!);
    return { nodes: nodes!, open: open!, authority: authority! };
  }

  async function certificates() {
    const { nodes, authority } = await kept();
    return certificatesFrom(nodes.Value!, authority.Value);
  }

  it("are created with an authority, and shown nowhere", async () => {
    const { out, err, code } = await secrets();
    expect(code).toBe(0);
    expect(out).toContain(`created  ${parameter} (DISTRIBUTION_CERTIFICATES)`);
    expect(out + err).not.toContain("BEGIN");
    const { nodes, open, authority } = await kept();
    expect([nodes.Type, open.Type, authority.Type]).toEqual(["SecureString", "String", "SecureString"]);
    expect(open.Value).not.toContain("PRIVATE");
    const { node, trusted, authorities } = await certificates();
    expect(issuerOf(node.certificate, trusted)).toBe(trusted[0]);
    expect(authorities.map(({ certificate }) => certificate)).toEqual(trusted);
  });

  it("exist from then on", async () => {
    await secrets();
    const before = await certificates();
    expect((await secrets()).out).toContain(`exists  ${parameter}`);
    expect(await certificates()).toEqual(before);
  });

  it("are created with the authority that running nodes may trust, where only the other parameters are gone", async () => {
    await secrets();
    const before = await certificates();
    await deployed.clients.ssm.send(new DeleteParameterCommand({ Name: parameter }));
    await secrets();
    expect((await certificates()).trusted).toEqual(before.trusted);
  });

  it("are encrypted with the customer key", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    deployed.write(
      environmentsText({ distribution: { tls: { certificates: { ssmParameter: parameter, kmsKeyArn } } } }),
    );
    await secrets();
    const { Parameters = [] } = await deployed.clients.ssm.send(new DescribeParametersCommand({}));
    const keys = Object.fromEntries(Parameters.map(({ Name, KeyId }) => [Name, KeyId]));
    expect([keys[parameter], keys[`${parameter}-authority`]]).toEqual([kmsKeyArn, kmsKeyArn]);
  });

  it("are renewed by the same authority with --rotate", async () => {
    await secrets();
    const before = await certificates();
    const { out, code } = await secrets("--rotate", "DISTRIBUTION_CERTIFICATES");
    const after = await certificates();
    expect(code).toBe(0);
    expect(out).toContain("a new key and certificate for nodes, of the same authority");
    expect(out).toContain(redeploy);
    expect(out).not.toContain("--rotate-authority");
    expect(after.node).not.toEqual(before.node);
    expect(after.trusted).toEqual(before.trusted);
  });

  it("change their authority in three steps with --rotate-authority", async () => {
    await secrets();
    const old = await certificates();
    const seen = [];
    for (let step = 0; step < 3; step += 1) {
      const { out, code } = await secrets("--rotate-authority");
      const { node, trusted } = await certificates();
      seen.push([code, /step \d of 3, [^.]*/.exec(out)?.[0]]);
      const advised = out.includes(advice.rotateAuthority({ name: "prod", file: deployed.file }));
      expect([advised, trusted.length]).toEqual(step === 2 ? [false, 1] : [true, 2]);
      expect(issuerOf(node.certificate, trusted)).toBe(step === 0 ? old.trusted[0] : trusted.at(-1));
    }
    expect(seen).toEqual([
      [0, "step 1 of 3, trust the new authority"],
      [0, "step 2 of 3, use the new authority"],
      [0, "step 3 of 3, trust only the new authority"],
    ]);
    expect((await certificates()).trusted).not.toEqual(old.trusted);
  });

  it("refuse the next step while a task runs with the step before", async () => {
    await deployed.deploy();
    await secrets();
    await secrets("--rotate-authority");
    const before = await certificates();
    await deployed.tasks(task("myapp", 1, earlier()), task("myapp", 2, later()));
    const { err, code } = await secrets("--rotate-authority");
    expect(code).toBe(2);
    expect(err).toContain(
      "must wait: 1 of 2 tasks of myapp started before /my-org/prod/node-certificates was last changed",
    );
    expect(err).toContain(redeploy);
    expect(await certificates()).toEqual(before);
    await deployed.tasks(task("myapp", 1, later()), task("myapp", 2, later()));
    expect((await secrets("--rotate-authority")).code).toBe(0);
  });

  it("begin the next step again where an earlier run failed before nodes could know of it", async () => {
    await secrets();
    const message = "not allowed to perform ssm:PutParameter";
    faulty.add({ operation: "PutParameter", error: "AccessDeniedException", message, after: 1 });
    const old = await certificates();
    const failed = await secrets("--rotate-authority");
    expect([failed.code, (await certificates()).trusted]).toEqual([2, old.trusted]);
    faulty.clear();
    expect((await secrets("--rotate-authority")).code).toBe(0);
    const { trusted, authorities } = await certificates();
    expect(authorities.map(({ certificate }) => certificate)).toEqual(trusted);
  });

  it("say what is missing where nodes don't encrypt, or the parameter contains something else", async () => {
    deployed.write(environmentsText());
    expect(await secrets("--rotate-authority")).toMatchObject({
      code: 2,
      err: 'The nodes of prod have no certificates: no distribution in the environment is "tls". See docs/encryption.md.',
    });
    deployed.write(environmentsText(tls));
    const something = { Name: parameter, Value: "something", Type: "SecureString" } as const;
    await deployed.clients.ssm.send(new PutParameterCommand(something));
    const { err, code } = await secrets("--rotate-authority");
    expect(code).toBe(2);
    expect(err).toContain(`${parameter} can't be read. It isn't a private key`);
    expect(err).not.toContain("something");
  });
});
