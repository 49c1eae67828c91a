import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { DeleteParameterCommand, GetParameterCommand } from "@aws-sdk/client-ssm";
import { parseEnvironments } from "../../src/environment";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { type AwsClients, awsClients } from "../../src/lab/local-aws/aws-clients";
import { createPrerequisites } from "../../src/lab/local-aws/prerequisites/prerequisites";
import { labPatches } from "../../src/lab/lab";
import { startScripts } from "../docs/readme";
import { scratchFolder } from "../scratch";
import { describeWithTerraform } from "../terraform-here";
import { at, install, pack } from "./consumer";
import { linkCdktf, type Paste, pasteInto } from "./paste";

// `npm run test:first-steps`
describeWithTerraform("README.md's start with an app, on local AWS", () => {
  const scratch = scratchFolder("first-steps");
  const project = path.join(scratch, "my_app");
  const infrastructure = path.join(project, "infrastructure");
  const [init, synthAndReview, secretsAndDeploy] = startScripts as [string, string, string];
  let aws: LocalAws;
  let clients: AwsClients;
  let paste: Paste;
  let tarball: string;

  beforeAll(async () => {
    aws = await startLocalAws({ patches: labPatches });
    clients = awsClients(aws);
    paste = pasteInto(aws, scratch);
    ({ tarball } = await pack(scratch));
    expect((await at(scratch, "mix", "new", "my_app", "--sup")).exitCode).toBe(0);
  });

  afterAll(async () => {
    clients?.destroy();
    await aws?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  it("init, synth and review", async () => {
    // GIVEN what npx and npm install, since no registry is asked here
    await install(tarball, project);
    const answers = "--region eu-west-1 --vpc main --state acme-terraform-state --yes";
    expect(init).toMatch(/^npx --package \S+\.tgz elixir-cluster init$/);
    await paste(project, `${init.replace(/ --package \S+/, "")} ${answers}`);
    expect(synthAndReview).toMatch(/^cd infrastructure && npm install\n/);
    await install(tarball, infrastructure);
    // WHEN
    const printed = await paste(project, synthAndReview.replace(" && npm install", ""));
    // THEN
    expect(printed).toContain("1 of 1 wanted connections can form; no errors");
  });

  it("secrets and deploy", async () => {
    // GIVEN an account with the VPC and the bucket that init asked for, and no cookie
    const file = path.join(infrastructure, "environments.json");
    const { prod } = parseEnvironments(readFileSync(file, "utf8"), file);
    await createPrerequisites(aws, prod!);
    const cookie = { Name: "/my-app/prod/release-cookie" };
    await clients.ssm.send(new DeleteParameterCommand(cookie));
    linkCdktf(infrastructure);
    expect(secretsAndDeploy).toMatch(/ secrets prod\n.* deploy prod$/);
    // WHEN without a person to ask, and without a registry for the lock file
    const lines = secretsAndDeploy
      .replace(" secrets prod", "$& --yes")
      .replace(" deploy prod", "$& --auto-approve --skip-provider-lock");
    await paste(infrastructure, lines);
    // THEN
    const { Parameter } = await clients.ssm.send(new GetParameterCommand(cookie));
    expect(Parameter!.Type).toBe("SecureString");
    const asked = { cluster: "my-app-prod", services: ["my-app"] };
    const { services } = await clients.ecs.send(new DescribeServicesCommand(asked));
    expect(services).toMatchObject([{ status: "ACTIVE", desiredCount: 2 }]);
    // AND nothing is left to do
    expect(await paste(infrastructure, "npx elixir-cluster secrets prod --check")).toContain("exists");
    const stack = path.join(infrastructure, "cdktf.out", "stacks", "prod");
    await paste(stack, `${/^export .*$/m.exec(secretsAndDeploy)![0]}; terraform plan -detailed-exitcode`);
  });
});
