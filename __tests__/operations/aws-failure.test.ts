import path from "node:path";
import { ListClustersCommand } from "@aws-sdk/client-ecs";
import { execa } from "execa";
import { attempts, withAws } from "../../src/aws/sdk/clients";
import { awsFailure } from "../../src/operations/aws-failure";
import { projectRoot } from "../../src/project-root";
import { FaultyAws } from "./faulty-aws";
import { exampleFile } from "../examples";

let faulty: FaultyAws;
const environment = { ...process.env };

beforeEach(async () => {
  // Nothing is behind it: what it doesn't answer itself nobody answers.
  faulty = await FaultyAws.inFrontOf("http://127.0.0.1:9");
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: faulty.endpoint,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  });
  delete process.env.AWS_PROFILE;
});

afterEach(async () => {
  jest.restoreAllMocks();
  process.env = { ...environment };
  await faulty.close();
});

const ask = () => withAws("eu-west-1", ({ ecs }) => ecs.send(new ListClustersCommand({})));
const failure = () => ask().then(() => undefined, awsFailure);

describe("a call that AWS throttles", () => {
  it("is retried a limited number of times, after growing random waits", async () => {
    // GIVEN
    faulty.add({ operation: "ListClusters", error: "ThrottlingException", message: "Rate exceeded" });
    const chances = [0.01, 0.02, 0.03, 0.04, 0.05];
    const random = jest.spyOn(Math, "random");
    for (const chance of chances) random.mockReturnValueOnce(chance);
    const timers = jest.spyOn(globalThis, "setTimeout");
    // WHEN
    await expect(ask()).rejects.toThrow("Rate exceeded");
    // THEN each wait is a random part of 1 s, 2 s, 4 s, …
    const waits = chances.map((chance, at) => Math.floor(chance * 1000 * 2 ** at));
    const waited = timers.mock.calls.map(([, milliseconds]) => milliseconds ?? 0);
    expect(waited.filter((milliseconds) => waits.includes(milliseconds))).toEqual(waits);
    expect(faulty.count("ListClusters")).toBe(attempts);
  });
});

describe("awsFailure", () => {
  it("says how to sign in where there are no credentials", async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    expect(await failure()).toBe(
      "No AWS credentials were found. Sign in (aws sso login, or aws configure), or set AWS_PROFILE.",
    );
  });

  it("says that credentials have expired", async () => {
    const message = "The security token included in the request is expired";
    faulty.add({ operation: "ListClusters", error: "ExpiredTokenException", message });
    expect(await failure()).toBe(`AWS rejects these credentials: ${message}. Sign in again.`);
  });

  it("says that AWS can't be reached, and no more", async () => {
    // In a process of its own: under jest an error of Node isn't an Error for the SDK.
    const minimal = exampleFile("minimal");
    const args = ["src/cli.ts", "secrets", "prod", "--environments", minimal];
    const env = { AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    const { exitCode, stdout, stderr } = await execa("node", [path.join("bin", "run.mjs"), ...args], {
      cwd: projectRoot,
      env,
      reject: false,
    });
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toBe("AWS can't be reached: connect ECONNREFUSED 127.0.0.1:9. Check the network, and the region.");
  });

  it("passes on what else AWS says, and leaves other errors alone", async () => {
    faulty.add({ operation: "ListClusters", error: "InvalidParameterException", message: "No." });
    expect(await failure()).toBe("AWS answered InvalidParameterException: No.");
    expect(awsFailure(new Error("ours"))).toBeUndefined();
  });
});
