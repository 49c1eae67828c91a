import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../src/environment";
import { reviewPlan } from "../../src/review/review";
import { environmentsApp } from "../../src/stacks/app/environments-app";
import { synthesize } from "../../src/stacks/app/synthesis";
import { exampleFile, exampleNames } from "../examples";
import { scratchFolder } from "../scratch";

/** What synthesis reports, and the stacks that it writes. */
function synthesized(name: string) {
  const messages: string[] = [];
  const environments = parseEnvironments(readFileSync(exampleFile(name), "utf8"), name);
  const stacks = synthesize(environmentsApp(environments, scratchFolder("out")), (line) => messages.push(line));
  return { messages, stacks, environments: Object.keys(environments) };
}

describe.each(exampleNames)("examples/%s", (name) => {
  it("is synthesized without an error", () => {
    const { messages, stacks, environments } = synthesized(name);
    expect(messages.filter((message) => message.startsWith("error"))).toEqual([]);
    expect(stacks).toEqual(expect.arrayContaining(environments));
  });

  it("is reviewed without an error, and its roles can be assumed, read secrets and pull images", () => {
    const folder = scratchFolder("out");
    const environments = parseEnvironments(readFileSync(exampleFile(name), "utf8"), name);
    synthesize(environmentsApp(environments, folder), () => undefined);
    const found = Object.keys(environments).flatMap((environment) => {
      const file = path.join(folder, "stacks", environment, "cdk.tf.json");
      return reviewPlan(JSON.parse(readFileSync(file, "utf8"))).findings;
    });
    expect(found.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual([]);
    const ofRoles = [
      "secret-not-readable",
      "environment-file-not-readable",
      "image-not-pullable",
      "role-not-assumable",
    ];
    expect(found.map(({ check }) => check.id).filter((id) => ofRoles.includes(id))).toEqual([]);
  });

  it("has a short README with the command that synthesizes it", () => {
    const readme = readFileSync(path.join(path.dirname(exampleFile(name)), "README.md"), "utf8");
    const lines = readme.split("\n").filter((line) => line !== "");
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(lines).toContain(`ENVIRONMENTS_FILE=examples/${name}/environments.json npm run synth`);
  });
});

it("examples/README.md lists every example", () => {
  const index = readFileSync(path.join(__dirname, "..", "..", "examples", "README.md"), "utf8");
  const listed = [...index.matchAll(/\]\(([\w-]+)\/README\.md\)/g)].map(([, name]) => name);
  expect(listed.sort()).toEqual([...exampleNames].sort());
});

it("warns only where an example opens egress", () => {
  const warned = exampleNames.filter((name) => synthesized(name).messages.length > 0);
  expect(warned).toEqual(["every-option"]);
});

describe("examples/phoenix-on-the-web", () => {
  it("has cluster, web and database secret in at most 25 lines", () => {
    const lines = readFileSync(exampleFile("phoenix-on-the-web"), "utf8").trim().split("\n");
    expect(lines.length).toBeLessThanOrEqual(25);
  });

  it("is reviewed without an error, and the review shows how long a deployment takes", () => {
    const folder = scratchFolder("out");
    const file = exampleFile("phoenix-on-the-web");
    synthesize(environmentsApp(parseEnvironments(readFileSync(file, "utf8"), file), folder), () => undefined);
    const json: unknown = JSON.parse(readFileSync(path.join(folder, "stacks/prod/cdk.tf.json"), "utf8"));
    const { findings, web } = reviewPlan(json);
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(findings.filter(({ address }) => /^aws_lb/.test(address))).toEqual([]);
    expect(web.map(({ deployment }) => deployment)).toEqual([
      { tasks: 3, rounds: 1, total: [30, 90], reconnect: 30, stop: [0, 40] },
    ]);
  });
});

describe("examples/phoenix-with-database", () => {
  const folder = path.dirname(exampleFile("phoenix-with-database"));
  const hcl = readFileSync(path.join(folder, "database", "database.tf"), "utf8");

  it("is reviewed without an error", () => {
    const out = scratchFolder("out");
    const file = exampleFile("phoenix-with-database");
    synthesize(environmentsApp(parseEnvironments(readFileSync(file, "utf8"), file), out), () => undefined);
    const { findings } = reviewPlan(JSON.parse(readFileSync(path.join(out, "stacks/prod/cdk.tf.json"), "utf8")));
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("has the database in another state of the same bucket, and names its group as the database does", () => {
    const { prod } = parseEnvironments(readFileSync(exampleFile("phoenix-with-database"), "utf8"), "environments.json");
    const { state, services } = prod!;
    const [bucket] = /(?<=\bbucket +=  *")[^"]+/.exec(hcl) ?? [];
    const [key] = /(?<=\bkey +=  *")[^"]+/.exec(hcl) ?? [];
    expect("s3" in state && state.s3.bucket).toBe(bucket);
    expect("s3" in state && state.s3.key).not.toBe(key);
    expect(hcl).toContain(
      `name        = ${JSON.stringify(Object.values(services.shop!.connectsTo.database!.securityGroup)[0])}`,
    );
  });
});
