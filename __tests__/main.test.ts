import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { ESLint } from "eslint";
import { execa } from "execa";
import { bashArguments } from "./bash";
import { advice, shellWords } from "../src/advice";
import { parseEnvironments } from "../src/environment";
import { startLocalAws } from "../src/lab/local-aws/aws";
import { awsClients } from "../src/lab/local-aws/aws-clients";
import { createPrerequisites } from "../src/lab/local-aws/prerequisites/prerequisites";
import { labPatches } from "../src/lab/lab";
import { projectRoot } from "../src/project-root";
import { describeWithTerraform, providerVariables } from "./terraform-here";
import { scratchFolder } from "./scratch";
import { exampleFile } from "./examples";

const scratch = scratchFolder("main-test");

let files = 0;
function environmentsFile(content: object | string): string {
  const file = path.join(scratch, `environments-${files++}.json`);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

interface Run {
  readonly exitCode?: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The app as plain `node` runs it. */
const plainNode = async (file: string, outdir: string, cwd = projectRoot): Promise<Run> =>
  execa(process.execPath, [path.join("bin", "run.mjs"), "main.ts"], {
    cwd,
    env: { ENVIRONMENTS_FILE: file, CDKTF_OUTDIR: outdir },
    reject: false,
    stdin: "ignore",
  });

/** What the CDKTF CLI needs in its environment to run without a terminal and without its calls home. */
function withoutTerminal(): Record<string, string> {
  return { CI: "1", CHECKPOINT_DISABLE: "1", FORCE_COLOR: "0", ...providerVariables(scratch) };
}

/** A command of the CDKTF CLI. */
async function cdktfCommand(args: string[], env: Record<string, string>, outdir: string): Promise<Run> {
  return execa(path.join(projectRoot, "node_modules", ".bin", "cdktf"), [...args, "-o", outdir], {
    cwd: projectRoot,
    env: { ...env, ...withoutTerminal() },
    reject: false,
    stdin: "ignore",
  });
}

const cdktfSynth = (file: string, outdir: string) => cdktfCommand(["synth"], { ENVIRONMENTS_FILE: file }, outdir);

const outdir = () => mkdtempSync(path.join(scratch, "out-"));

/** Every file below a folder with its content. */
const contentOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [path.relative(folder, file), readFileSync(file, "utf8")]),
  );

const stackTrace = /^\s+at .*[:(]\S+:\d+/m;
const count = (text: string, part: string) => text.split(part).length - 1;

const image = { uri: "ghcr.io/acme/myapp:1.4.2" };
const environment = (services: object, options: object = {}) => ({
  region: "eu-west-1",
  state: { local: {} },
  vpc: { id: "vpc-0abc1234" },
  ecsCluster: { name: "my-cluster" },
  namespace: { create: "organization.local" },
  releaseCookie: { ssmParameter: "/my-org/cookie" },
  services,
  ...options,
});
const staging = { ecsCluster: { name: "staging" }, namespace: { create: "staging.local" } };
const good = { prod: environment({ myapp: { image } }), staging: environment({ myapp: { image } }, staging) };

/** Two environments with everything that the constructs refuse and a file can say. */
const wrong = {
  prod: environment({
    flapping: { image, discovery: "dnspoll", tasks: 12 },
    leaking: { image, environment: { RELEASE_COOKIE: "monster" } },
    crowded: { image, extraSecurityGroups: [1, 2, 3].map((n) => `sg-0000000${n}`) },
    open: { image, egress: "open" },
  }),
  staging: environment(
    {
      myapp: { image, cluster: "web", distribution: { singlePort: 9000 } },
      myapp2: { image, cluster: "web" },
      unbuilt: { image: { build: "no-such-folder" } },
    },
    staging,
  ),
};
const errors = [
  'error: prod/services/flapping: a deployment of "flapping" runs up to 24 tasks (12 at 200 %), and one DNS answer has 8 records; libcluster\'s DNSPoll then disconnects the rest. Use the discovery "dns" or "dns_cluster", or fewer than 8 tasks',
  "error: prod/services/leaking: RELEASE_COOKIE is in the plain environment, readable in task definition, plan and state: store it in an SSM SecureString and name that in releaseCookie",
  "error: prod/services/crowded: its tasks are in 6 security groups, AWS allows 5: prod-crowded-service, prod-egress, sg-00000001, sg-00000002, sg-00000003, prod-crowded-cluster. Remove some of extraSecurityGroups, or merge them",
  "error: staging/images: no-such-folder/Dockerfile does not exist: image.build names a folder with a Dockerfile",
  'error: staging/clusters/web: "myapp" uses single port 9000; "myapp2" uses epmd: their nodes can\'t connect. Use the same distribution in the whole cluster',
];
const warning =
  'its egress is "open": tasks connect to any node that is registered under a name they poll, and an untrusted node could join if it has the cookie. "guarded" prevents that';

describe("node bin/run.mjs main.ts", () => {
  it("writes a stack for each environment", async () => {
    const out = outdir();
    const { exitCode, stderr, stdout } = await plainNode(environmentsFile(good), out);
    const written = ["prod", "staging"].map((name) => path.join(out, "stacks", name, "cdk.tf.json"));
    expect([exitCode, stderr, stdout]).toEqual([0, "", written.join("\n")]);
    expect(Object.keys(contentOf(out))).toEqual([
      "manifest.json",
      "stacks/prod/cdk.tf.json",
      "stacks/staging/cdk.tf.json",
    ]);
  });

  it("makes the output folder, however deep", async () => {
    const out = path.join(outdir(), "a", "b");
    expect((await plainNode(environmentsFile(good), out)).exitCode).toBe(0);
    expect(Object.keys(contentOf(out))).toContain("stacks/prod/cdk.tf.json");
  });

  it("says everything that is wrong, of all stacks at once, and leaves nothing stale", async () => {
    const out = outdir();
    await plainNode(environmentsFile(good), out);
    const { exitCode, stderr, stdout } = await plainNode(environmentsFile(wrong), out);
    expect(stderr.split("\n")).toEqual([`warning: prod/services/open: ${warning}`, ...errors]);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(contentOf(out)).toEqual({});
  });

  it("says what is wrong with the file itself, and leaves nothing stale", async () => {
    const out = outdir();
    await plainNode(environmentsFile(good), out);
    const file = environmentsFile({
      prod: environment({ myapp: { image }, myapp2: { image, clustersWith: ["myapp"] } }),
    });
    const { exitCode, stderr } = await plainNode(file, out);
    expect(stderr).toContain("environments.prod.services.myapp2.clustersWith");
    expect(stderr).toContain('"cluster": "myapp" instead');
    expect(stderr).not.toMatch(stackTrace);
    expect(exitCode).toBe(1);
    expect(contentOf(out)).toEqual({});
  });

  it("refuses two services of one name", async () => {
    const twice = JSON.stringify({ prod: environment({ myapp: { image }, other: { image } }) }).replace(
      "other",
      "myapp",
    );
    const { exitCode, stderr } = await plainNode(environmentsFile(twice), outdir());
    expect(stderr).toContain("environments.prod.services.myapp");
    expect(stderr).not.toMatch(stackTrace);
    expect(exitCode).toBe(1);
  });

  it("refuses to build in a remote run of Terraform Cloud", async () => {
    const state = { cloud: { organization: "acme", workspaces: { name: "prod" }, execution: "remote" } };
    const file = environmentsFile({ prod: environment({ myapp: { image: { build: "elixir-app" } } }, { state }) });
    const { exitCode, stderr } = await plainNode(file, outdir());
    expect(stderr).toContain("a remote run in Terraform Cloud has neither this folder nor a Docker engine");
    expect(exitCode).toBe(1);
  });

  it("says so when there is no file", async () => {
    const { exitCode, stderr } = await plainNode("no-such.json", outdir());
    expect(stderr).toContain("no such file");
    expect(stderr).toContain("ENVIRONMENTS_FILE names another");
    expect(stderr).not.toMatch(stackTrace);
    expect(exitCode).toBe(1);
  });

  it("reads environments.json where ENVIRONMENTS_FILE is empty", async () => {
    const { exitCode, stderr } = await plainNode("", outdir());
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  describe("an environment that is gone from the file", () => {
    const folderOf = (out: string) => path.join(out, "stacks", "staging");
    const left = (out: string) => Object.keys(contentOf(out)).filter((file) => file.includes("staging"));
    const withoutStaging = () => environmentsFile({ prod: good.prod });
    const advised = (out: string) =>
      `warning: staging isn't in the environments file any more, and its state may still contain resources. Destroy them first: terraform -chdir=${folderOf(out)} destroy. Then remove its folder: rm -r ${folderOf(out)}`;

    it("loses its configuration where Terraform never ran; Terraform's own files stay", async () => {
      const out = outdir();
      await plainNode(environmentsFile(good), out);
      writeFileSync(path.join(folderOf(out), ".terraform.lock.hcl"), "");
      const { stderr } = await plainNode(withoutStaging(), out);
      expect(left(out)).toEqual(["stacks/staging/.terraform.lock.hcl"]);
      expect(stderr).toBe("");
    });

    it("keeps it where Terraform ran, and is named with what to do", async () => {
      const out = outdir();
      await plainNode(environmentsFile(good), out);
      mkdirSync(path.join(folderOf(out), ".terraform"));
      const { stderr, exitCode } = await plainNode(withoutStaging(), out);
      expect(left(out)).toEqual(["stacks/staging/cdk.tf.json"]);
      expect([exitCode, stderr]).toEqual([0, advised(out)]);
    });

    it("keeps it where there is a local state", async () => {
      const out = path.join(outdir(), "cdktf.out");
      await plainNode(environmentsFile(good), out);
      writeFileSync(path.join(out, "..", "terraform.staging.tfstate"), "{}");
      const { stderr } = await plainNode(withoutStaging(), out);
      expect(left(out)).toEqual(["stacks/staging/cdk.tf.json"]);
      expect(stderr).toBe(advised(out));
    });

    it("has it again after a synthesis that failed in between, and not during it", async () => {
      const out = outdir();
      await plainNode(environmentsFile(good), out);
      const before = contentOf(out)["stacks/staging/cdk.tf.json"];
      mkdirSync(path.join(folderOf(out), ".terraform"));
      await plainNode(environmentsFile("{"), out);
      expect(left(out)).toEqual(["stacks/staging/cdk.tf.json.outdated"]);
      await plainNode(withoutStaging(), out);
      expect(left(out)).toEqual(["stacks/staging/cdk.tf.json"]);
      expect(contentOf(out)["stacks/staging/cdk.tf.json"]).toBe(before);
    });

    it("leaves no outdated file behind when it comes back", async () => {
      const out = outdir();
      await plainNode(environmentsFile(good), out);
      mkdirSync(path.join(folderOf(out), ".terraform"));
      await plainNode(environmentsFile("{"), out);
      await plainNode(environmentsFile(good), out);
      expect(left(out)).toEqual(["stacks/staging/cdk.tf.json"]);
    });

    it("is not looked for behind a link", async () => {
      const [out, elsewhere] = [outdir(), outdir()];
      writeFileSync(path.join(elsewhere, "cdk.tf.json"), "{}");
      mkdirSync(path.join(out, "stacks"));
      symlinkSync(elsewhere, folderOf(out));
      await plainNode(withoutStaging(), out);
      await plainNode(environmentsFile("{"), out);
      expect(contentOf(elsewhere)).toEqual({ "cdk.tf.json": "{}" });
    });
  });

  it("shows a warning once, and writes the stack", async () => {
    const out = outdir();
    const { exitCode, stderr } = await plainNode(
      environmentsFile({ prod: environment({ myapp: { image, egress: "open" } }) }),
      out,
    );
    expect(stderr).toBe(`warning: prod/services/myapp: ${warning}`);
    expect(exitCode).toBe(0);
    expect(Object.keys(contentOf(out))).toContain("stacks/prod/cdk.tf.json");
  });

  it("writes the same, byte for byte, the second time and in another folder", async () => {
    const file = exampleFile("build-images");
    const elsewhere = path.join(scratch, "a checkout elsewhere");
    mkdirSync(elsewhere);
    for (const part of ["bin", "src", "main.ts", "elixir-app", "package.json", "package-lock.json", "tsconfig.json"]) {
      cpSync(path.join(projectRoot, part), path.join(elsewhere, part), {
        recursive: true,
        filter: (source) => !/elixir-app\/(_build|deps)/.test(source),
      });
    }
    symlinkSync(path.join(projectRoot, "node_modules"), path.join(elsewhere, "node_modules"));
    const own = path.join(scratch, "own checkout");
    cpSync(elsewhere, own, { recursive: true, verbatimSymlinks: true });
    for (const folder of [own, elsewhere]) expect((await plainNode(file, "cdktf.out", folder)).stderr).toBe("");
    const first = contentOf(path.join(own, "cdktf.out"));
    expect(Object.keys(first)).toContain("stacks/dev/cdk.tf.json");
    expect(contentOf(path.join(elsewhere, "cdktf.out"))).toEqual(first);
    expect(JSON.stringify(first)).not.toContain(scratch);
    rmSync(path.join(own, "cdktf.out"), { recursive: true });
    await plainNode(file, "cdktf.out", own);
    expect(contentOf(path.join(own, "cdktf.out"))).toEqual(first);
  });
});

describeWithTerraform("cdktf synth", () => {
  it("says the same, with the warning, without a stack trace, and leaves nothing stale", async () => {
    const out = outdir();
    await plainNode(environmentsFile(good), out);
    const { exitCode, stderr } = await cdktfSynth(environmentsFile(wrong), out);
    for (const line of [`warning: prod/services/open: ${warning}`, ...errors]) expect(count(stderr, line)).toBe(1);
    expect(stderr).not.toMatch(stackTrace);
    expect(exitCode).toBe(1);
    expect(contentOf(out)).toEqual({});
  });

  it("shows a warning once, and writes what plain node writes", async () => {
    const file = environmentsFile({ prod: environment({ myapp: { image, egress: "open" } }) });
    const [plain, cli] = [outdir(), outdir()];
    await plainNode(file, plain);
    const { exitCode, stdout, stderr } = await cdktfSynth(file, cli);
    expect(count(stdout + stderr, warning)).toBe(1);
    expect(exitCode).toBe(0);
    expect(contentOf(cli)).toEqual(contentOf(plain));
  });
});

describeWithTerraform("cdktf diff, deploy and destroy", () => {
  it("work on local AWS as every CDKTF user expects", async () => {
    // GIVEN an AWS with what the environment says exists
    const file = path.join(projectRoot, "src", "demo", "environments.json");
    const { demo } = parseEnvironments(readFileSync(file, "utf8"), file);
    const aws = await startLocalAws({ patches: labPatches });
    const clients = awsClients(aws);
    try {
      await createPrerequisites(aws, demo!);
      const out = outdir();
      const cdktf = (...args: string[]) => cdktfCommand(args, { ENVIRONMENTS_FILE: file, ...aws.environment }, out);
      // What users are advised to run: pasted into a shell, with nothing but what this machine needs behind it.
      const paste = (command: string, ...further: string[]) =>
        execa("bash", bashArguments([command, ...further, "--skip-provider-lock", "-o", shellWords([out])].join(" ")), {
          cwd: projectRoot,
          env: { ...aws.environment, ...withoutTerminal() },
          reject: false,
          stdin: "ignore",
        });
      const named = { name: "demo", file };
      const servicesOf = async () => {
        const services = ["myapp", "myapp2"];
        const found = await clients.ecs.send(new DescribeServicesCommand({ cluster: "my-cluster", services }));
        return found.services!.filter(({ status }) => status === "ACTIVE").map(({ serviceName }) => serviceName);
      };
      // What the plan that `cdktf diff` leaves would do to managed resources.
      const plannedActions = async () => {
        const folder = path.join(out, "stacks", "demo");
        const env = { ...aws.environment, ...withoutTerminal() };
        const { stdout } = await execa("terraform", ["show", "-json", "plan"], { cwd: folder, env });
        const { resource_changes: changes } = JSON.parse(stdout) as {
          resource_changes: { mode: string; change: { actions: string[] } }[];
        };
        return [...new Set(changes.filter(({ mode }) => mode === "managed").flatMap(({ change }) => change.actions))];
      };
      // WHEN it is planned and applied
      const diff = await paste(advice.plan(named));
      // Not by what the CLI prints: it ends 100 ms after its work, and under load lines of Terraform's are missing then.
      expect(diff.exitCode).toBe(0);
      expect(await plannedActions()).toEqual(["create"]);
      expect(await servicesOf()).toEqual([]);
      const outputs = path.join(scratch, "outputs.json");
      const deploy = await paste(advice.apply(named), "--auto-approve", "--outputs-file", shellWords([outputs]));
      // THEN the services are there
      expect(deploy.exitCode).toBe(0);
      expect(readFileSync(outputs, "utf8")).toContain("myapp.organization.local");
      expect(await servicesOf()).toEqual(["myapp", "myapp2"]);
      // AND gone after destroy
      const destroy = await cdktf("destroy", "demo", "--auto-approve", "--skip-provider-lock");
      expect(destroy.exitCode).toBe(0);
      expect(await servicesOf()).toEqual([]);
    } finally {
      clients.destroy();
      await aws.stop();
    }
  });
});

describe("lint", () => {
  const lint = async (code: string, filePath: string) => {
    const [result] = await new ESLint({ cwd: projectRoot }).lintText(code, {
      filePath: path.join(projectRoot, filePath),
    });
    return result!.messages.map(({ message }) => message);
  };

  it.each(["@cdktf/provider-aws", "@cdktf/provider-aws/lib", "@cdktf/provider-docker"])(
    "refuses an import of all of %s",
    async (from) => {
      expect(await lint(`import { x } from "${from}";\nexport const y = x;\n`, "src/constructs/new.ts")).toEqual([
        expect.stringContaining(
          "Import a provider's resource by its path, such as @cdktf/provider-aws/lib/ecs-service.",
        ),
      ]);
    },
  );

  it("takes an import by path", async () => {
    const code = 'import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";\nexport const y = EcsService;\n';
    expect(await lint(code, "src/constructs/new.ts")).toEqual([]);
  });

  it.each([
    ["src/constructs/new.ts", "../stacks/synthesis", "stacks"],
    ["src/review/new.ts", "../constructs/network", "constructs"],
    ["src/lab/new.ts", "../stacks/synthesis", "stacks"],
    ["src/stacks/new.ts", "../lab/local-aws/aws", "lab"],
    ["src/environment/checks/new.ts", "../../constructs/literal", "constructs"],
    ["src/operations/doctor/new.ts", "../../lab/clock", "lab"],
    ["src/adopt/steps/new.ts", "../../environment", "environment"],
    ["src/demo/new.ts", "../stacks/synthesis", "stacks"],
    ["src/aws/new.ts", "../environment", "environment"],
    ["src/processes/new.ts", "../lab/clock", "lab"],
    ["src/foreign-text/new.ts", "../review/review", "review"],
    ["src/new-leaf.ts", "./environment", "environment"],
  ])("%s must not import %s", async (file, from, room) => {
    expect(await lint(`import { x } from "${from}";\nexport const y = x;\n`, file)).toEqual([
      expect.stringContaining(`Arrows run one way: this room must not know ${room}.`),
    ]);
  });

  it("keeps adopt's source from importing its steps", async () => {
    const code = 'import { x } from "../steps/edit";\nexport const y = x;\n';
    expect(await lint(code, "src/adopt/source/new.ts")).toEqual([expect.stringContaining("steps import source")]);
  });
});
