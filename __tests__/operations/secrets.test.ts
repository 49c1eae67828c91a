import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { secretsCommand } from "../../src/cli/secrets";
import { runCommand } from "./command";
import { Deployed, environmentsText } from "./deployed";
import { FaultyAws, shortWaits } from "./faulty-aws";

const cookie = "/my-org/prod/release-cookie";
const keyBase = "/my-org/prod/secret-key-base";
let deployed: Deployed;
let faulty: FaultyAws;

beforeAll(async () => {
  deployed = await Deployed.start();
  faulty = await FaultyAws.inFrontOf(deployed.aws.endpoint);
  process.env.AWS_ENDPOINT_URL = faulty.endpoint;
});

beforeEach(async () => {
  faulty.clear();
  await deployed.reset();
});

afterEach(() => void jest.restoreAllMocks());

afterAll(async () => {
  await faulty.close();
  await deployed.stop();
});

const secrets = (...args: string[]) => runCommand(secretsCommand(), "prod", "--environments", deployed.file, ...args);

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
    expect(out).toContain("old and new nodes don't mix");
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
    expect((await secrets("--rotate", "API_TOKEN")).err).toContain("may be known elsewhere too");
    expect((await secrets("--generate", "API_TOKEN")).code).toBe(0);
    expect(await deployed.parameterNames()).toEqual(["/my-org/prod/api-token", cookie]);
  });

  it("tells a parameter that is no SecureString, and never overwrites it", async () => {
    // GIVEN
    await deployed.clients.ssm.send(new PutParameterCommand({ Name: cookie, Value: "plain", Type: "String" }));
    // WHEN
    const { out, code } = await secrets("--rotate", "RELEASE_COOKIE");
    // THEN
    expect(code).toBe(1);
    expect(out).toContain(`${cookie} is no SecureString`);
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
    expect(err).toBe("AWS throttles: Rate exceeded. It was asked 6 times. Try again in a minute.");
    expect(faulty.count("GetParameters")).toBe(6);
  });

  it("says what AWS refused, without a stack trace", async () => {
    // GIVEN
    const message = "User: arn:aws:iam::123456789012:user/me is not authorized to perform: ssm:PutParameter";
    faulty.add({ operation: "PutParameter", error: "AccessDeniedException", message });
    // WHEN
    const { err, code } = await secrets();
    // THEN
    expect(code).toBe(2);
    expect(err).toBe(`AWS refused: ${message}. Ask for that permission, or use another AWS_PROFILE.`);
    expect(faulty.count("PutParameter")).toBe(1);
  });

  it("shows an example and the exit codes in its help", async () => {
    const { out } = await runCommand(secretsCommand(), "--help");
    expect(out).toContain("npm run secrets -- prod --rotate RELEASE_COOKIE");
    expect(out).toContain("Exit codes:");
  });
});
