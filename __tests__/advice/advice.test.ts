import { bashArguments } from "../bash";
import { describeWith } from "../tool-here";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DescribeSecurityGroupRulesCommand } from "@aws-sdk/client-ec2";
import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { DeleteSecretCommand, GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { execa } from "execa";
import { advice, defaultEnvironmentsFile, shellWords } from "../../src/advice";
import { motoRequirement } from "../../src/lab/local-aws/python";
import { projectRoot } from "../../src/project-root";
import { Deployed } from "../operations/deployed";
import { describeWithTerraform, providerVariables } from "../terraform-here";
import { commandFault } from "./command-fault";
import { simpleCommands, syntaxError } from "./shell";
import { scratchFolder } from "../scratch";
import { notEmpty } from "../not-empty";

const prod = { name: "prod", file: defaultEnvironmentsFile };
const elsewhere = { name: "prod", file: "acme's environments.json" };
const service = { region: "eu-west-1", cluster: "my-cluster", service: "myapp" };
const id = (number: number) => number.toString(16).padStart(32, "0");

/** Every entry of the table once, as text. A new entry without a line here doesn't compile. */
const table: Readonly<Record<keyof typeof advice, string>> = {
  plan: advice.plan(prod),
  apply: advice.apply(prod),
  destroyFolder: advice.destroyFolder("cdktf.out/stacks/prod"),
  removeFolder: advice.removeFolder("cdktf.out/stacks/prod"),
  doctor: advice.doctor(prod),
  status: advice.status(prod),
  doctorWatch: advice.doctorWatch(prod),
  secrets: advice.secrets(prod),
  rotateSecret: advice.rotateSecret(prod, "RELEASE_COOKIE"),
  rotateAuthority: advice.rotateAuthority(prod),
  unstickYes: advice.unstickYes(prod),
  npmRun: advice.npmRun("secrets", ["prod", "--check"]),
  ignoreFinding: advice.ignoreFinding("log-retention"),
  schema: advice.schema(),
  planAsJson: advice.planAsJson(),
  signIn: advice.signIn(),
  configureCredentials: advice.configureCredentials(),
  execute: advice.execute({ ...service, task: id(1), container: "myapp", command: "bin/myapp remote" }),
  stopService: advice.stopService(service),
  redeployService: advice.redeployService(service),
  stopDeployment: advice.stopDeployment("eu-west-1", "arn:aws:ecs:eu-west-1:123456789012:service-deployment/c/s/1"),
  stopTask: advice.stopTask(service, id(1)),
  revokeRules: advice.revokeRules("eu-west-1", "ingress", "sg-1", ["sgr-1", "sgr-2"]),
  deleteParameter: advice.deleteParameter("eu-west-1", "/my-org/prod/release-cookie"),
  putParameter: advice.putParameter("eu-west-1", "/my-org/prod/release-cookie"),
  restoreSecret: advice.restoreSecret("eu-west-1", "prod/shop"),
  createSecret: advice.createSecret("eu-west-1", "prod/shop", "arn:aws:kms:x"),
  createEmptySecret: advice.createEmptySecret("eu-west-1", "prod/shop", "arn:aws:kms:x"),
  putSecretKey: advice.putSecretKey("eu-west-1", "prod/shop", "url"),
  overwriteParameter: advice.overwriteParameter("eu-west-1", "/my-org/prod/release-cookie", "arn:aws:kms:x"),
  installMoto: advice.installMoto(motoRequirement),
  installDebianPackages: advice.installDebianPackages(["iproute2"]),
  setKernel: advice.setKernel("kernel.unprivileged_userns_clone", 1),
  installIn: advice.installIn("my app/infrastructure"),
  demoInContainer: advice.demoInContainer(),
  synthAndReview: advice.synthAndReview("prod"),
  setImage: advice.setImage("my_app_image"),
  secretsAndDeploy: advice.secretsAndDeploy("prod"),
  fetchAndCompile: advice.fetchAndCompile(),
};

/** Where a command is run, or why it can't be run here: then it is parsed alone. */
const ran: Readonly<Record<keyof typeof advice, string>> = {
  plan: "__tests__/main.test.ts",
  apply: "__tests__/main.test.ts",
  destroyFolder: "below",
  removeFolder: "below",
  doctor: "below",
  status: "below",
  doctorWatch: "parsed: it runs until Ctrl-C",
  secrets: "below",
  rotateSecret: "parsed: it changes a secret; __tests__/operations/secrets/secrets.test.ts runs it",
  rotateAuthority: "__tests__/operations/secrets/certificate-secrets.test.ts",
  unstickYes: "below",
  npmRun: "__tests__/cli/swallowed-options.test.ts",
  ignoreFinding: "below",
  schema: "parsed: it writes a file of the repository; __tests__/cli/schema.test.ts runs it elsewhere",
  planAsJson: "below",
  signIn: "parsed: it opens a browser",
  configureCredentials: "parsed: it asks for credentials",
  execute: "parsed: local AWS has no ECS Exec",
  stopService: "below",
  redeployService: "below",
  stopDeployment: "parsed: local AWS has no StopServiceDeployment",
  stopTask: "below",
  revokeRules: "below",
  deleteParameter: "below",
  putParameter: "below",
  restoreSecret: "below",
  createSecret: "below",
  createEmptySecret: "below",
  putSecretKey: "below",
  overwriteParameter: "below",
  installMoto: "parsed: it installs something",
  installDebianPackages: "parsed: it installs something",
  setKernel: "parsed: it changes the machine",
  installIn: "parsed: it installs something",
  demoInContainer: "parsed: no engine runs here, see __tests__/docker",
  synthAndReview: "__tests__/package/package.test.ts",
  setImage: "parsed: it sets a variable of the user's shell",
  secretsAndDeploy: "parsed: each half is run alone",
  fetchAndCompile: "below",
};

describe("advised commands", () => {
  it.each(Object.entries(table))("%s: %s", async (_name, command) => {
    expect(syntaxError(command)).toBeUndefined();
    const faults = await Promise.all(simpleCommands(command).map(commandFault));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });

  it("are run, or have a reason why not", () => {
    for (const where of Object.values(ran)) expect(where).toMatch(/^below$|^parsed: |^__tests__\/.*\.test\.ts$/);
    for (const [name, where] of notEmpty(Object.entries(ran).filter(([, where]) => where.startsWith("__tests__"))))
      expect(readFileSync(path.join(projectRoot, where), "utf8")).toContain(`${name}(`);
  });

  it("quote what a shell would change, and name a file that isn't the usual one", () => {
    expect(shellWords(["a b", "it's", "$HOME", "x=1", "/a/b.c"])).toBe(`'a b' 'it'\\''s' '$HOME' x=1 /a/b.c`);
    expect(advice.doctor(elsewhere)).toBe("npm run doctor -- prod --environments 'acme'\\''s environments.json'");
    expect(advice.apply(elsewhere)).toBe("ENVIRONMENTS_FILE='acme'\\''s environments.json' npx cdktf deploy prod");
  });

  it("are known to be wrong where they are", async () => {
    const wrong = [
      "terraform plan prod",
      "terraform apply prod",
      "npm run secrets prod --check",
      "npm run unstick",
      "npm run doctor -- prod --node",
      "npm run review -- --ignored 'x@y=z'",
      "npm run docter -- prod",
      "npx cdktf deploy",
      "aws ecs update-service --cluster c --desired-count 0",
      "aws ecs update-service --service s --desired 0",
      "aws ecs stop-service --service s",
    ];
    const faults = await Promise.all(wrong.map((command) => commandFault(simpleCommands(command)[0]!)));
    expect(wrong.filter((_, at) => faults[at] === undefined)).toEqual([]);
  });
});

const scratch = scratchFolder("advice");

/** Runs a command as its reader would: pasted into bash, in this project's folder. */
const paste = (command: string, { cwd = projectRoot, input = "", env = {} } = {}) =>
  execa("bash", bashArguments(command), { cwd, input, env, reject: false });

describe("advised commands, run against local AWS", () => {
  let deployed: Deployed;
  beforeAll(async () => {
    deployed = await Deployed.start();
    await deployed.deploy();
    await deployed.tasks({ service: "myapp", id: id(1), address: "10.0.1.11" });
    await deployed.register("myapp", id(2), "10.0.1.12");
  });
  afterAll(() => deployed.stop());

  it("doctor, secrets and unstick, through npm and the shell", async () => {
    const { environment } = deployed;
    const doctor = await paste(advice.doctor(environment));
    expect(doctor.stdout).toMatch(/^prod {2}eu-west-1, ECS cluster my-cluster/m);
    expect(doctor.stdout).toContain(advice.unstickYes(environment));
    expect((await paste(advice.status(environment))).stdout).toMatch(/^prod {2}eu-west-1, ECS cluster my-cluster/m);
    const secrets = await paste(advice.secrets(environment));
    expect(secrets.stdout).toContain("/my-org/prod/release-cookie");
    expect(secrets.exitCode).toBe(0);
    const unstick = await paste(advice.unstickYes(environment));
    expect(unstick.stdout).toContain(`deregistered  myapp: ${id(2)}`);
    expect(unstick.exitCode).toBe(0);
  });

  const hasAwsCli = spawnSync("aws", ["--version"], { stdio: "ignore" }).status === 0;
  if (!hasAwsCli)
    console.warn("SKIPPED advised commands of the AWS CLI, run: no aws on the path (they are parsed above)");
  const itWithAwsCli = hasAwsCli ? it : it.skip;
  const aws = async (command: string, input = "") => {
    const { exitCode, stderr } = await paste(command, { input, env: { AWS_PAGER: "" } });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
  };

  itWithAwsCli("services and tasks", async () => {
    const { ecs } = deployed.clients;
    await aws(advice.redeployService(service));
    await aws(advice.stopService(service));
    await aws(advice.stopTask(service, id(1)));
    const described = await ecs.send(new DescribeServicesCommand({ cluster: "my-cluster", services: ["myapp"] }));
    expect(described.services![0]!.desiredCount).toBe(0);
  });

  itWithAwsCli("rules of a security group, by their ids", async () => {
    const { ec2 } = deployed.clients;
    const group = deployed.groups.get("myapp2")!;
    const Filters = [{ Name: "group-id", Values: [group] }];
    const rules = async () =>
      (await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }))).SecurityGroupRules ?? [];
    for (const direction of ["ingress", "egress"] as const) {
      const ofDirection = (await rules()).filter(({ IsEgress }) => IsEgress === (direction === "egress"));
      const ids = ofDirection.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId!);
      expect(ids.length).toBeGreaterThan(1);
      await aws(advice.revokeRules("eu-west-1", direction, group, ids));
    }
    expect(await rules()).toEqual([]);
  });

  itWithAwsCli("a parameter, whose value is in no argument", async () => {
    const Name = "/my-org/prod/database's url";
    await aws(advice.putParameter("eu-west-1", "/my-org/prod/database-url"), "postgres://a:b@c/d?e=$f\n");
    const read = new GetParameterCommand({ Name: "/my-org/prod/database-url", WithDecryption: true });
    const { Parameter } = await deployed.clients.ssm.send(read);
    expect(Parameter).toMatchObject({ Type: "SecureString", Value: "postgres://a:b@c/d?e=$f" });
    await aws(advice.overwriteParameter("eu-west-1", "/my-org/prod/database-url"), "another\n");
    expect((await deployed.clients.ssm.send(read)).Parameter).toMatchObject({ Type: "SecureString", Value: "another" });
    await aws(advice.deleteParameter("eu-west-1", "/my-org/prod/database-url"));
    await expect(deployed.clients.ssm.send(read)).rejects.toThrow("not found");
    expect(advice.putParameter("eu-west-1", Name)).toContain("'/my-org/prod/database'\\''s url'");
  });

  itWithAwsCli("a secret in Secrets Manager, of which the other keys stay", async () => {
    const SecretId = "prod/shop's";
    const { secretsManager } = deployed.clients;
    const value = async () => (await secretsManager.send(new GetSecretValueCommand({ SecretId }))).SecretString!.trim();
    await aws(advice.createEmptySecret("eu-west-1", SecretId));
    await aws(advice.putSecretKey("eu-west-1", SecretId, 'u"rl'), "postgres://a:b@c/d?e=$f\n");
    await aws(advice.putSecretKey("eu-west-1", SecretId, "token"), "x\n");
    expect(JSON.parse(await value())).toEqual({ 'u"rl': "postgres://a:b@c/d?e=$f", token: "x" });
    await aws(advice.createSecret("eu-west-1", "prod/whole"), "y\n");
    const whole = await secretsManager.send(new GetSecretValueCommand({ SecretId: "prod/whole" }));
    expect(whole.SecretString).toBe("y");
    await secretsManager.send(new DeleteSecretCommand({ SecretId }));
    await aws(advice.restoreSecret("eu-west-1", SecretId));
    expect(await value()).toContain("postgres");
  });
});

describeWith("mix")("fetchAndCompile", () => {
  it("runs in a mix project", async () => {
    const project = 'def project, do: [app: :one, version: "1.0.0"]';
    writeFileSync(path.join(scratch, "mix.exs"), `defmodule One.MixProject do\n  use Mix.Project\n  ${project}\nend\n`);
    expect(await paste(advice.fetchAndCompile(), { cwd: scratch })).toMatchObject({ exitCode: 0 });
  });
});

describe("ignoreFinding", () => {
  it("is taken by the review, and leaves the finding out", async () => {
    const plan = path.join(projectRoot, "__tests__", "fixtures", "review", "guide", "plan.json");
    const before = await paste(`npm run -s review -- ${shellWords([plan])} --json`);
    const findings = (output: string) =>
      (JSON.parse(output) as { reviews: { findings: { id: string; address: string }[] }[] }).reviews[0]!.findings;
    const [finding] = findings(before.stdout);
    const command = advice.ignoreFinding(finding!.id).replace("ADDRESS", finding!.address);
    const after = await paste(`${command.replace("npm run", "npm run -s")} --json ${shellWords([plan])}`);
    expect(findings(after.stdout)).toHaveLength(findings(before.stdout).length - 1);
    expect(after.stdout).toContain("why this is right here");
  });
});

describeWithTerraform("planAsJson, destroyFolder and removeFolder", () => {
  it("work in a folder of Terraform, as it is and with a blank in its name", async () => {
    const folder = mkdtempSync(path.join(scratch, "a folder "));
    writeFileSync(path.join(folder, "main.tf"), 'resource "terraform_data" "one" {}\n');
    const env = { ...providerVariables(scratch), CHECKPOINT_DISABLE: "1" };
    expect(await paste("terraform init", { cwd: folder, env })).toMatchObject({ exitCode: 0 });
    expect(await paste(advice.planAsJson(), { cwd: folder, env })).toMatchObject({ exitCode: 0 });
    const plan = JSON.parse(readFileSync(path.join(folder, "plan.json"), "utf8")) as object;
    expect(plan).toHaveProperty("resource_changes");
    expect(await paste("terraform apply plan.bin", { cwd: folder, env })).toMatchObject({ exitCode: 0 });
    const destroyed = await paste(advice.destroyFolder(folder), { env, input: "yes\n" });
    expect(destroyed.stdout).toContain("Destroy complete! Resources: 1 destroyed.");
    expect(await paste(advice.removeFolder(folder))).toMatchObject({ exitCode: 0 });
    expect(existsSync(folder)).toBe(false);
  });
});
