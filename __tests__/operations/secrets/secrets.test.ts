import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { DescribeParametersCommand, GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { execa } from "execa";
import { bashArguments } from "../../bash";
import { secretsCommand } from "../../../src/cli/operations/secrets";
import { projectRoot } from "../../../src/project-root";
import { runCommand } from "../command";
import { deployBefore } from "../deploy-before";
import { Deployed, environmentsText } from "../deployed";
import { FaultyAws, shortWaits } from "../faulty-aws";
import { writeProgram } from "../../program";

const cookie = "/my-org/prod/release-cookie";
const keyBase = "/my-org/prod/secret-key-base";
let deployed: Deployed;
let faulty: FaultyAws;

deployBefore(
  (own) => ({ deployed, faulty } = own),
  async () => {},
);

const secrets = (...args: string[]) =>
  runCommand(secretsCommand(), "prod", "--environments", deployed.file, "--yes", ...args);

async function value(Name: string) {
  const { Parameter } = await deployed.clients.ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  return Parameter!;
}

describe("secrets", () => {
  it("creates what is missing as SecureStrings, and shows no value", async () => {
    // GIVEN an account without parameters
    // WHEN
    const { out, err, code } = await secrets();
    // THEN
    expect(code).toBe(0);
    expect(await deployed.parameterNames()).toEqual([cookie, keyBase]);
    for (const name of [cookie, keyBase]) {
      const { Type, Value } = await value(name);
      expect(Type).toBe("SecureString");
      expect(Value).toMatch(/^[0-9a-f]{96}$/);
      expect(out + err).not.toContain(Value);
    }
    expect(out).toBe(`created  ${cookie} (RELEASE_COOKIE)\ncreated  ${keyBase} (SECRET_KEY_BASE)`);
    expect((await value(cookie)).Value).not.toBe((await value(keyBase)).Value);
  });

  it("leaves what exists as it is", async () => {
    // GIVEN
    await deployed.clients.ssm.send(new PutParameterCommand({ Name: cookie, Value: "kept", Type: "SecureString" }));
    // WHEN
    const { out, code } = await secrets();
    // THEN
    expect(code).toBe(0);
    expect(out).toContain(`exists   ${cookie}`);
    expect(await value(cookie)).toMatchObject({ Value: "kept", Version: 1 });
  });

  it("leaves a value that somebody else creates at the same time", async () => {
    // GIVEN
    const Value = "theirs";
    const create = new PutParameterCommand({ Name: cookie, Value, Type: "SecureString" });
    faulty.meanwhile("PutParameter", () => deployed.clients.ssm.send(create));
    // WHEN
    const { out, code } = await secrets();
    // THEN
    expect(code).toBe(0);
    expect(out).toContain(`exists   ${cookie}`);
    expect(await value(cookie)).toMatchObject({ Value, Version: 1 });
  });

  it("looks up and creates more parameters than one call takes", async () => {
    // GIVEN
    const names = Array.from({ length: 12 }, (_, at) => `app${at}`);
    const services = Object.fromEntries(
      names.map((name) => [
        name,
        {
          image: { uri: "a.example/b:1" },
          secrets: { SECRET_KEY_BASE: { ssmParameter: `/my-org/prod/${name}/secret-key-base` } },
        },
      ]),
    );
    deployed.write(environmentsText({ services }));
    // WHEN
    expect((await secrets()).code).toBe(0);
    // THEN
    expect(faulty.count("GetParameters")).toBe(2);
    expect(faulty.count("PutParameter")).toBe(13);
    const again = await secrets("--json");
    expect(JSON.parse(again.out).map(({ state }: { state: string }) => state)).toEqual(Array(13).fill("exists"));
  });

  it("writes nothing with --check, and tells what is missing", async () => {
    // WHEN
    const { out, code } = await secrets("--check");
    // THEN
    expect(code).toBe(1);
    expect(out).toContain(`missing  ${cookie} (RELEASE_COOKIE)`);
    expect(await deployed.parameterNames()).toEqual([]);
  });

  it("rotates only what is named, and tells the order of steps", async () => {
    // GIVEN
    await secrets();
    const before = [(await value(cookie)).Value, (await value(keyBase)).Value];
    // WHEN
    const { out, code } = await secrets("--rotate", "RELEASE_COOKIE");
    // THEN
    expect(code).toBe(0);
    expect((await value(cookie)).Value).not.toBe(before[0]);
    expect((await value(keyBase)).Value).toBe(before[1]);
    expect(out).toContain(`rotated  ${cookie}`);
    expect(out).toContain("old and new nodes refuse each other");
    expect(out).not.toContain(keyBase + " (SECRET_KEY_BASE) is new");
    const steps = ["--service myapp --force", "--service myapp2 --force", "npm run doctor -- prod --watch"];
    expect(steps.map((step) => out.indexOf(step))).toEqual(
      [...steps.map((step) => out.indexOf(step))].sort((a, b) => a - b),
    );
    for (const step of steps) expect(out).toContain(step);
    expect(out).not.toContain((await value(cookie)).Value);
  });

  it("asks for what it can't make up, and makes it with --generate", async () => {
    // GIVEN a secret that somebody else may know
    const services = {
      myapp: { image: { uri: "a.example/b:1" }, secrets: { API_TOKEN: { ssmParameter: "/my-org/prod/api-token" } } },
    };
    deployed.write(environmentsText({ services }));
    // WHEN
    const { out, code } = await secrets();
    // THEN
    expect(code).toBe(1);
    expect(out).toContain("/my-org/prod/api-token is missing. Write it yourself");
    expect(await deployed.parameterNames()).toEqual([cookie]);
    expect((await secrets("--rotate", "API_TOKEN")).err).toContain("which others may know");
    expect((await secrets("--generate", "API_TOKEN")).code).toBe(0);
    expect(await deployed.parameterNames()).toEqual(["/my-org/prod/api-token", cookie]);
  });

  it("reports missing secrets of sidecars and registries, which it can't make", async () => {
    // GIVEN a sidecar with a secret, in an image of a private registry
    const agent = {
      image: { uri: "registry.example/agent:1" },
      secrets: { API_KEY: { ssmParameter: "/my-org/prod/agent" } },
      registryCredentials: { secretsManager: "prod/registry" },
    };
    const image = { uri: "registry.example/myapp:1" };
    deployed.write(environmentsText({ services: { myapp: { image, sidecars: { agent } } } }));
    // WHEN
    const { out, code } = await secrets();
    // THEN
    expect(code).toBe(1);
    expect(out).toContain("missing  /my-org/prod/agent (API_KEY)");
    expect(out).toContain("missing  prod/registry:username (registryCredentials)");
    expect(out).toContain("missing  prod/registry:password (registryCredentials)");
    expect(out).toContain("The key password of prod/registry is missing in Secrets Manager. Write it yourself.");
  });

  it("reports a parameter that isn't a SecureString, and never overwrites it", async () => {
    // GIVEN
    await deployed.clients.ssm.send(new PutParameterCommand({ Name: cookie, Value: "plain", Type: "String" }));
    // WHEN
    const { out, code } = await secrets("--rotate", "RELEASE_COOKIE");
    // THEN
    expect(code).toBe(1);
    expect(out).toContain(`${cookie} is not a SecureString`);
    expect((await value(cookie)).Value).toBe("plain");
  });

  it("says the nearest name of a variable, an environment, and a file", async () => {
    expect((await secrets("--rotate", "RELEASE_COKIE")).err).toBe(
      'prod has no secret called "RELEASE_COKIE". It has: RELEASE_COOKIE, SECRET_KEY_BASE. Did you mean "RELEASE_COOKIE"?',
    );
    const unknown = await runCommand(secretsCommand(), "prd", "--environments", deployed.file);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toBe(
      `There is no environment in ${deployed.file} called "prd". There is: prod. Did you mean "prod"?`,
    );
    const nowhere = await runCommand(secretsCommand(), "prod", "--environments", "nowhere.json");
    expect(nowhere.err).toContain("There is no file nowhere.json.");
    expect(await deployed.parameterNames()).toEqual([]);
  });

  it("waits out a throttling, with more than one attempt", async () => {
    // GIVEN
    shortWaits();
    faulty.add({ operation: "PutParameter", error: "ThrottlingException", message: "Rate exceeded", times: 2 });
    // WHEN
    const { code } = await secrets();
    // THEN
    expect(code).toBe(0);
    expect(faulty.count("PutParameter")).toBe(4);
    expect(await deployed.parameterNames()).toEqual([cookie, keyBase]);
  });

  it("gives a throttling up that doesn't end, and says how often it asked", async () => {
    // GIVEN
    shortWaits();
    faulty.add({ operation: "GetParameters", error: "ThrottlingException", message: "Rate exceeded" });
    // WHEN
    const { err, code } = await secrets();
    // THEN
    expect(code).toBe(2);
    expect(err).toBe("AWS throttles requests: Rate exceeded. The command tried 6 times. Try again in a minute.");
    expect(faulty.count("GetParameters")).toBe(6);
  });

  it("says what AWS refused, without a stack trace", async () => {
    // GIVEN
    const message = "User: arn:aws:iam::123456789012:user/me is not authorized to perform: ssm:PutParameter";
    faulty.add({ operation: "PutParameter", error: "AccessDeniedException", message });
    // WHEN
    const { out, err, code } = await secrets();
    // THEN
    expect(code).toBe(2);
    expect(err).toBe("");
    expect(out).toContain(`failed     ${cookie} (RELEASE_COOKIE)\nnot tried  ${keyBase} (SECRET_KEY_BASE)`);
    expect(out).toContain(
      `${cookie} was not written: AWS refused: ${message}. Ask for that permission, or use another AWS_PROFILE.`,
    );
    expect(faulty.count("PutParameter")).toBe(1);
  });

  it("reports what was rotated before a refusal, and what to deploy", async () => {
    // GIVEN both secrets, and AWS that refuses the second write
    await secrets();
    const before = (await value(cookie)).Value;
    const refuse = (resource: string) => {
      const message = `not authorized to perform: ssm:PutParameter on ${resource}`;
      faulty.add({ operation: "PutParameter", error: "AccessDeniedException", message, after: 1 });
    };
    refuse(keyBase);
    // WHEN
    const { out, code } = await secrets("--rotate", "RELEASE_COOKIE", "--rotate", "SECRET_KEY_BASE");
    // THEN
    expect(code).toBe(2);
    expect((await value(cookie)).Value).not.toBe(before);
    expect(out).toContain(`rotated  ${cookie} (RELEASE_COOKIE)\nfailed   ${keyBase} (SECRET_KEY_BASE)`);
    expect(out).toContain(`${keyBase} was not written: AWS refused: not authorized`);
    for (const service of ["myapp", "myapp2"]) expect(out).toContain(`--service ${service} --force-new-deployment`);

    // AND the same as JSON
    faulty.clear();
    refuse(keyBase);
    const json = await secrets("--rotate", "RELEASE_COOKIE", "--rotate", "SECRET_KEY_BASE", "--json");
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject([
      {
        parameter: cookie,
        state: "rotated",
        deploy: [expect.stringContaining("myapp "), expect.stringContaining("myapp2 ")],
      },
      { parameter: keyBase, state: "failed", failure: expect.stringContaining("AWS refused") },
    ]);
  });

  it("says that a write without an answer may have happened, and what to deploy", async () => {
    // GIVEN
    shortWaits();
    await secrets();
    faulty.add({ operation: "PutParameter", error: "InternalServerError", message: "fault", status: 500 });
    // WHEN
    const { out, code } = await secrets("--rotate", "RELEASE_COOKIE");
    // THEN
    expect(code).toBe(2);
    expect(out).toContain("the parameter may have the new value: deploy as if it had");
    expect(out).toContain("--service myapp2 --force-new-deployment");
  });

  it("handles a parameter of two environments once, and lists what to deploy in both", async () => {
    // GIVEN staging with the cookie of prod, in the same region, and another environment elsewhere
    const prod = JSON.parse(environmentsText()).prod;
    const staging = {
      ...prod,
      ecsCluster: { name: "staging" },
      namespace: { create: "staging.local" },
      services: { web: prod.services.myapp },
    };
    const far = { ...staging, region: "us-east-1", ecsCluster: { name: "far" } };
    deployed.write(JSON.stringify({ prod, staging, far }));
    await secrets();
    // WHEN
    const { out } = await secrets("--rotate", "RELEASE_COOKIE");
    // THEN
    expect(out).toContain(`rotated  ${cookie} (RELEASE_COOKIE in prod and staging)`);
    expect(
      out
        .split("\n")
        .filter((line) => line.includes("update-service"))
        .map((line) => /--cluster (\S+) --service (\S+)/.exec(line)!.slice(1)),
    ).toEqual([
      ["my-cluster", "myapp"],
      ["my-cluster", "myapp2"],
      ["staging", "web"],
    ]);
    expect(out).toContain("npm run doctor -- staging --watch");
  });

  it("makes no value up for a parameter that is also a variable it can't make up", async () => {
    // GIVEN a parameter of two variables
    const shared = { ssmParameter: keyBase };
    const services = {
      myapp: { image: { uri: "a.example/b:1" }, secrets: { SECRET_KEY_BASE: shared, LICENSE_KEY: shared } },
    };
    deployed.write(environmentsText({ services }));
    // WHEN, THEN it is not created
    const { out } = await secrets();
    expect(out).toContain(`missing  ${keyBase} (SECRET_KEY_BASE, LICENSE_KEY)`);
    // AND not rotated
    await deployed.clients.ssm.send(new PutParameterCommand({ Name: keyBase, Value: "licence", Type: "SecureString" }));
    expect((await secrets("--rotate", "SECRET_KEY_BASE")).err).toContain(`${keyBase} is also the value of LICENSE_KEY`);
    expect((await value(keyBase)).Value).toBe("licence");
    // AND two variables that can be made up are one value
    expect(
      (await secrets("--rotate", "SECRET_KEY_BASE", "--rotate", "LICENSE_KEY", "--generate", "LICENSE_KEY")).out,
    ).toContain(`rotated  ${keyBase} (SECRET_KEY_BASE, LICENSE_KEY)`);
    expect(await value(keyBase)).toMatchObject({ Version: 2 });
  });

  it("keeps a parameter's own key, description and pattern when it rotates", async () => {
    // GIVEN a parameter with a key that the environment doesn't name
    const KeyId = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";
    const kept = { KeyId, Description: "the cookie", AllowedPattern: "^[0-9a-z]+$" };
    await deployed.clients.ssm.send(
      new PutParameterCommand({ Name: cookie, Value: "old", Type: "SecureString", ...kept }),
    );
    // WHEN
    expect((await secrets("--rotate", "RELEASE_COOKIE")).code).toBe(0);
    // THEN
    const { Parameters = [] } = await deployed.clients.ssm.send(new DescribeParametersCommand({}));
    expect(Parameters.find(({ Name }) => Name === cookie)).toMatchObject({ ...kept, Version: 2 });
    // Local AWS keeps what a write leaves out; AWS takes its default key.
    expect(faulty.requests).toContainEqual({
      operation: "AmazonSSM.PutParameter",
      body: expect.objectContaining({ ...kept, Name: cookie, Overwrite: true }),
    });
  });

  it("refuses to create a parameter for which two uses name different keys", async () => {
    // GIVEN
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";
    const secretsOf = { SECRET_KEY_BASE: { ssmParameter: cookie, kmsKeyArn } };
    deployed.write(environmentsText({ services: { myapp: { image: { uri: "a.example/b:1" }, secrets: secretsOf } } }));
    // WHEN
    const { err, code } = await secrets();
    // THEN
    expect(code).toBe(2);
    expect(err).toContain(`prod RELEASE_COOKIE: no kmsKeyArn\n  prod SECRET_KEY_BASE: ${kmsKeyArn}`);
    expect(await deployed.parameterNames()).toEqual([]);
  });

  it("advises a command that has the value in no argument, and that writes it", async () => {
    // GIVEN an aws that notes its arguments and what it reads
    const services = {
      myapp: { image: { uri: "a.example/b:1" }, secrets: { API_TOKEN: { ssmParameter: "/my-org/prod/api-token" } } },
    };
    deployed.write(environmentsText({ services }));
    const bin = path.join(deployed.folder, "bin");
    mkdirSync(bin, { recursive: true });
    writeProgram(
      path.join(bin, "aws"),
      `#!/bin/sh\nprintf '%s\\n' "$@" > ${bin}/args\ncat /dev/stdin > ${bin}/value\n`,
    );
    // WHEN the advised command runs as it is printed
    const command = /^ {2}(\(read .*)$/m.exec((await secrets()).out)![1]!;
    const ran = await execa("bash", bashArguments(command), {
      input: "s3cr3t; $x\n",
      env: { PATH: `${bin}:${process.env.PATH}` },
    });
    // THEN
    expect({ stdout: ran.stdout, stderr: ran.stderr, files: readdirSync(bin) }).toEqual({
      stdout: "",
      stderr: "",
      files: ["args", "aws", "value"],
    });
    expect(readFileSync(path.join(bin, "args"), "utf8").split("\n")).toEqual(
      expect.arrayContaining(["put-parameter", "/my-org/prod/api-token", "file:///dev/stdin"]),
    );
    expect(readFileSync(path.join(bin, "args"), "utf8")).not.toContain("s3cr3t");
    expect(readFileSync(path.join(bin, "value"), "utf8")).toBe("s3cr3t; $x");
  });

  it("writes nothing through npm run without a terminal and without --yes, and says so", async () => {
    const npmRun = (...args: string[]) =>
      execa("npm", ["run", "secrets", "--", "prod", "--environments", deployed.file, ...args], {
        cwd: projectRoot,
        reject: false,
        stdin: "ignore",
      });
    // WHEN
    const { exitCode, stderr } = await npmRun();
    // THEN
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`will create  ${cookie} (RELEASE_COOKIE)\nwill create  ${keyBase} (SECRET_KEY_BASE)`);
    expect(stderr).toContain(
      "Nothing was written: there is no terminal to ask on. Add --yes to write what is listed above; --check only reports.",
    );
    expect(await deployed.parameterNames()).toEqual([]);
    // AND --yes writes; then there is nothing to ask about
    expect(await npmRun("--yes")).toMatchObject({ exitCode: 0 });
    expect(await deployed.parameterNames()).toEqual([cookie, keyBase]);
    expect(await npmRun()).toMatchObject({ exitCode: 0 });
  });

  it("shows an example and the exit codes in its help", async () => {
    const { out } = await runCommand(secretsCommand(), "--help");
    expect(out).toContain("npm run secrets -- prod --rotate RELEASE_COOKIE");
    expect(out).toContain("Exit codes:");
  });
});
