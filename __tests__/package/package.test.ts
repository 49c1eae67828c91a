import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { advice } from "../../src/advice";
import packageJson from "../../package.json";
import { projectRoot } from "../../src/project-root";
import { notEmpty } from "../not-empty";
import { scratchFolder } from "../scratch";
import { at, install, pack, writeFiles } from "./consumer";

const text = (...file: string[]) => readFileSync(path.join(projectRoot, ...file), "utf8");

/** The code that a page shows. */
const codeOf = (page: string) => /^```ts\n(.*?)^```/ms.exec(text("docs", page))![1]!;
const app = codeOf("constructs.md");

/** The settings that `cdktf init --template typescript` writes, but with all declarations checked. */
const template = path.join("node_modules", "cdktf-cli", "bundle", "templates", "typescript");
const commonJs = text(template, "tsconfig.json").replace('"skipLibCheck": true', '"skipLibCheck": false');
const esModules = {
  compilerOptions: { target: "ES2022", module: "nodenext", strict: true, skipLibCheck: false, types: ["node"] },
  files: ["main.ts"],
};
const typescript = path.join("node_modules", "typescript", "bin", "tsc");
const stack = path.join("cdktf.out", "stacks", "prod", "cdk.tf.json");

let scratch: string;
let packed: Awaited<ReturnType<typeof pack>>;
beforeAll(async () => {
  scratch = scratchFolder("package");
  packed = await pack(scratch);
});

/** A consumer's folder with the package installed. */
async function consumer(name: string, files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = path.join(scratch, name);
  writeFiles(folder, files);
  await install(packed.tarball, folder);
  return folder;
}

describe("the tarball", () => {
  it("contains what its entries name, and the files that commands copy or run", () => {
    const named = [packageJson.main, packageJson.types, ...Object.values(packageJson.bin)];
    const used = ["elixir-app/rel/env.sh.eex", "src/processes/leash.sh", "src/lab/local-aws/moto/server.py"];
    expect(packed.files).toEqual(expect.arrayContaining([...named, ...used, "LICENSE", "dist/LICENSES.txt"]));
  });

  it("contains no tests, no sources in TypeScript, and nothing that was built in the sample application", () => {
    expect(packed.files.filter((file) => /^__tests__|^bench|^elixir-app\/(_build|deps|test)\//.test(file))).toEqual([]);
    expect(packed.files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([]);
  });

  it("installs without scripts, since nothing is built at the consumer's", () => {
    expect(Object.keys(packageJson.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });
});

describe("the constructs in a project of cdktf init", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await consumer("commonjs", {
      "package.json": { name: "shop", private: true },
      "tsconfig.json": commonJs,
      "main.ts": app,
      "own-stacks.ts": codeOf("package.md"),
    });
  });

  it("type-check without skipLibCheck", async () => {
    expect(commonJs).toContain('"skipLibCheck": false');
    const { stdout, exitCode } = await at(folder, process.execPath, typescript, "--noEmit", "-p", ".");
    expect(stdout).toBe("");
    expect(exitCode).toBe(0);
  });

  it("synthesize by the template's app command", async () => {
    const { app: command } = JSON.parse(text(template, "cdktf.json").replace("{{futureFlags}}", "")) as { app: string };
    const { stderr, exitCode } = await at(folder, "sh", "-c", command);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(existsSync(path.join(folder, stack))).toBe(true);
  });
});

describe("the constructs in a project of ES modules", () => {
  it("type-check, compile and synthesize", async () => {
    // GIVEN: Node imports a folder of a package only by its file.
    const main = app.replace(/"(@cdktf\/provider-aws\/lib\/[\w-]+)"/g, '"$1/index.js"');
    const files = { "package.json": { name: "shop", private: true, type: "module" }, "tsconfig.json": esModules };
    const folder = await consumer("es-modules", { ...files, "main.ts": main });
    // WHEN
    const compiled = await at(folder, process.execPath, typescript, "-p", ".");
    const { stderr, exitCode } = await at(folder, process.execPath, "main.js");
    // THEN
    expect(compiled.stdout).toBe("");
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(existsSync(path.join(folder, stack))).toBe(true);
  });
});

describe("the commands", () => {
  let folder: string;
  beforeAll(async () => {
    const environments = JSON.parse(text("environments.json")) as object;
    const $schema = "./node_modules/elixir-cluster/environments.schema.json";
    folder = await consumer("commands", {
      "package.json": { name: "shop", private: true },
      "environments.json": { ...environments, $schema },
    });
  });
  const elixirCluster = (...args: string[]) => at(folder, "npx", "--offline", "elixir-cluster", ...args);

  it("tell the package's version", async () => {
    expect(await elixirCluster("--version")).toMatchObject({ stdout: packageJson.version, stderr: "", exitCode: 0 });
  });

  it("show examples as they are typed there", async () => {
    const { stdout } = await elixirCluster("doctor", "--help");
    expect(stdout).toContain("npx elixir-cluster doctor prod");
    expect(stdout).not.toContain("npm run");
  });

  it("advise commands that are there", async () => {
    writeFiles(folder, { "old.schema.json": { title: "another" } });
    expect((await elixirCluster("schema", "--check", "old.schema.json")).stderr).toContain(
      "run npx elixir-cluster schema",
    );
  });

  it("synthesize environments.json, and review what was written", async () => {
    expect(await elixirCluster("synth")).toMatchObject({ stdout: stack, stderr: "", exitCode: 0 });
    const { stdout, exitCode } = await elixirCluster("review", path.dirname(stack));
    expect(stdout).toContain("myapp2");
    expect(exitCode).toBe(0);
  });

  it("adopt with the sample's files from the package", async () => {
    const project = path.join(scratch, "shop");
    expect((await at(scratch, "mix", "new", "shop", "--sup")).exitCode).toBe(0);
    const { stdout, stderr, exitCode } = await elixirCluster("adopt", project, "--yes", "--force");
    expect(stderr).toBe("");
    expect(stdout).toContain("Wrote");
    expect(exitCode).toBe(0);
    expect(existsSync(path.join(project, "rel", "env.sh.eex"))).toBe(true);
  });

  it("list the scenarios of the lab", async () => {
    expect((await elixirCluster("lab", "list")).stdout).toMatch(/^cold-start /m);
  });
});

describe("from a mix project to a reviewed plan", () => {
  let project: string;
  let infrastructure: string;
  const elixirCluster = (folder: string, ...args: string[]) =>
    at(folder, "npx", "--offline", "elixir-cluster", ...args);
  const contents = () => {
    const names = [...new Set(["mix.exs", "config", "lib", "rel", "infrastructure"])];
    return at(
      project,
      "sh",
      "-c",
      `find ${names.join(" ")} -type f -not -path "*/node_modules/*" -exec sha256sum {} +`,
    );
  };
  beforeAll(async () => {
    project = path.join(scratch, "my_app");
    infrastructure = path.join(project, "infrastructure");
    expect((await at(scratch, "mix", "new", "my_app", "--sup")).exitCode).toBe(0);
    await install(packed.tarball, project);
  });

  it("init names the options that are missing, where there is no terminal", async () => {
    const { stderr, exitCode } = await elixirCluster(project, "init", "--yes");
    expect(stderr).toContain("--region, --vpc, --state are missing");
    expect(exitCode).toBe(2);
    expect(existsSync(infrastructure)).toBe(false);
  });

  it("init reports a wrong value, and writes nothing", async () => {
    const options = ["--region", "eu-west", "--vpc", "main", "--state", "local", "--yes"];
    const { stderr, exitCode } = await elixirCluster(project, "init", ...options);
    expect(stderr).toContain('  --region: "eu-west". Allowed: an AWS region such as "eu-west-1".');
    expect(exitCode).toBe(2);
    expect(existsSync(infrastructure)).toBe(false);
  });

  it("init, synth and review work one after another; init again changes nothing", async () => {
    // WHEN
    const options = ["--region", "eu-west-1", "--vpc", "main", "--domain", "my.example.com", "--state", "acme-state"];
    const first = await elixirCluster(project, "init", ...options, "--yes");
    // THEN it ends with the next commands
    expect(first.stderr).toBe("");
    expect(first.stdout.split("\n").filter((line) => line.startsWith("  "))).toEqual([
      "  cd infrastructure && npm install",
      `  ${advice.synthAndReview("prod")}`,
      `  ${advice.secretsAndDeploy("prod")}`,
    ]);
    expect(first.stdout).toContain(`needs AWS credentials, and your image: ${advice.setImage("my_app_image")}`);
    // AND these work: the packages that package.json names are linked, since there is no registry
    const written = JSON.parse(readFileSync(path.join(infrastructure, "package.json"), "utf8")) as typeof packageJson;
    const declared = { ...written.dependencies, ...written.devDependencies } as Record<string, string>;
    for (const name of notEmpty(Object.keys(packageJson.peerDependencies))) expect(declared[name]).toMatch(/^\d/);
    expect(declared["elixir-cluster"]).toBe(packageJson.version);
    await install(packed.tarball, infrastructure);
    const { stdout, stderr, exitCode } = await at(infrastructure, "sh", "-c", advice.synthAndReview("prod"));
    expect(stderr).toBe("");
    expect(stdout).toContain(stack);
    expect(stdout).toContain("my-app");
    expect(exitCode).toBe(0);
    // AND the schema is where environments.json says
    const { $schema } = JSON.parse(readFileSync(path.join(infrastructure, "environments.json"), "utf8")) as {
      $schema: string;
    };
    expect(existsSync(path.join(infrastructure, $schema))).toBe(true);
    // AND main.ts type-checks
    const checked = await at(infrastructure, process.execPath, typescript, "-p", ".");
    expect(checked.stdout).toBe("");
    // WHEN it runs again
    const before = await contents();
    const second = await elixirCluster(project, "init", "--yes");
    // THEN
    expect(second.stdout).toContain("Nothing to do");
    expect(second.exitCode).toBe(0);
    expect((await contents()).stdout).toBe(before.stdout);
  });
});
