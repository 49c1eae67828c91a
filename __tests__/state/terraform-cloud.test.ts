import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { parseEnvironments } from "../../src/environment";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { createPrerequisites } from "../../src/lab/local-aws/prerequisites/prerequisites";
import { labPatches } from "../../src/lab/lab";
import { synthesizeInto } from "../../src/lab/local-aws/terraform/synthesized";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { TerraformCloudApi } from "./terraform-cloud-api";
import { scratchFolder } from "../scratch";

/** `describe` where Terraform and openssl can do this; else a visible skip, or in CI an error for what set-up installs. */
function describeHere(): jest.Describe {
  const lacks = (program: string, ...args: string[]) => spawnSync(program, args).status !== 0;
  if (lacks("openssl", "version") && process.env.CI) throw new Error("Not installed: openssl");
  const reasons = [
    ...(lacks("terraform", "version") ? ["no terraform on the path"] : []),
    ...(lacks("openssl", "version") ? ["no openssl on the path"] : []),
    // Go takes SSL_CERT_FILE on Linux and the BSDs alone. Source: https://pkg.go.dev/crypto/x509
    ...(process.platform === "linux" ? [] : ["SSL_CERT_FILE isn't read on this system"]),
  ];
  if (reasons.length === 0) return describe;
  console.warn(`SKIPPED: state in Terraform Cloud (${reasons.join(", ")})`);
  return describe.skip;
}

const token = "a.token.of.the.test";

describeHere()("state in Terraform Cloud, workspaces in local execution mode", () => {
  const scratch = scratchFolder("terraform-cloud");
  let aws: LocalAws;
  let api: TerraformCloudApi;
  let runs = 0;

  beforeAll(async () => {
    const [key, cert] = [path.join(scratch, "key.pem"), path.join(scratch, "cert.pem")];
    await execa("openssl", [
      ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost".split(" "),
      ...["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
    ]);
    api = new TerraformCloudApi("acme", token, { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") });
    await api.listen();
    aws = await startLocalAws({ patches: labPatches });
  });

  afterAll(async () => {
    await aws?.stop();
    await api?.close();
    rmSync(scratch, { recursive: true });
  });

  /** The environment's file, with its state in the stand-in's workspaces. */
  function environmentIn(name: string, workspaces: object): string {
    const file = path.join(scratch, `${name}.json`);
    const environment = {
      region: "eu-west-1",
      state: { cloud: { organization: "acme", hostname: api.host, workspaces, execution: "local" } },
      vpc: { tags: { Name: name } },
      ecsCluster: { name: `${name}-cluster` },
      namespace: { create: `${name}.local` },
      releaseCookie: { ssmParameter: `/acme/${name}/release-cookie` },
      services: { myapp: { image: { variable: "myapp_image" }, tasks: 2 } },
    };
    writeFileSync(file, JSON.stringify({ [name]: environment }));
    return file;
  }

  /** Synthesizes `file`, makes what it says exists, and gives the folder that Terraform runs in. */
  async function synthesized(name: string, file: string): Promise<string> {
    await createPrerequisites(aws, parseEnvironments(readFileSync(file, "utf8"), file)[name]!);
    const outdir = path.join(scratch, `${name}.out`);
    await synthesizeInto(outdir, file);
    return path.join(outdir, "stacks", name);
  }

  function terraformIn(folder: string, variables: Record<string, string> = {}): Terraform {
    const own = path.join(scratch, `run-${++runs}`);
    mkdirSync(own);
    return new Terraform(folder, own, {
      environment: {
        ...aws.environment,
        SSL_CERT_FILE: path.join(scratch, "cert.pem"),
        [`TF_TOKEN_${api.host}`]: token,
        TF_VAR_myapp_image: "registry.acme.example/myapp:1",
        ...variables,
      },
    });
  }

  describe("a workspace by name", () => {
    let folder: string;
    let terraform: Terraform;

    beforeAll(async () => {
      // GIVEN an organization whose workspaces run locally, and no workspace yet
      api.defaultExecutionMode = "local";
      folder = await synthesized("prod", environmentIn("prod", { name: "elixir-cluster-prod" }));
      terraform = terraformIn(folder);
    });

    const workspace = () => api.named("elixir-cluster-prod");

    it("makes the workspace, applies, and stores the state there and nowhere else", async () => {
      // WHEN
      await terraform.init();
      await terraform.plan("first");
      await terraform.apply("first");
      // THEN
      const { state, outputs } = workspace().states.at(-1)!;
      const resources = (JSON.parse(state!) as { resources: { type: string }[] }).resources.map(({ type }) => type);
      expect(resources).toContain("aws_ecs_service");
      expect(outputs).toHaveProperty("services.value.myapp.dns_name", "myapp.prod.local");
      expect(workspace().locked).toBe(false);
      expect(api.unknown).toEqual([]);
      const local = await execa("find", [folder, "-name", "*.tfstate", "-newer", path.join(scratch, "cert.pem")]);
      expect(local.stdout.split("\n").filter((file) => file && !file.includes("/.terraform/"))).toEqual([]);
    });

    it("reads the state back in another checkout: its plan is empty, its outputs are there", async () => {
      // GIVEN the synthesized file alone, in a folder that Terraform has never seen
      const elsewhere = path.join(scratch, "elsewhere");
      mkdirSync(elsewhere);
      cpSync(path.join(folder, "cdk.tf.json"), path.join(elsewhere, "cdk.tf.json"));
      const again = terraformIn(elsewhere);
      // WHEN
      await again.init();
      // THEN
      expect(await again.plan("second")).toEqual({ add: 0, change: 0, destroy: 0 });
      expect(await again.outputs()).toHaveProperty("services.myapp.log_group", "/ecs/prod-myapp");
      expect(workspace().states).toHaveLength(1);
    });

    it("takes another image by variable: one task definition, one service", async () => {
      const next = terraformIn(folder, { TF_VAR_myapp_image: "registry.acme.example/myapp:2" });
      expect(await next.plan("image")).toEqual({ add: 1, change: 1, destroy: 1 });
      await next.apply("image");
      expect(workspace().states.map(({ serial }) => serial)).toEqual([...workspace().states].map((_, i) => i + 1));
      expect(workspace().states.at(-1)!.state).toContain("registry.acme.example/myapp:2");
    });

    it("is refused while another run holds the workspace, and goes on once that is over", async () => {
      // GIVEN
      workspace().locked = true;
      const next = terraformIn(folder);
      // WHEN, THEN
      await expect(next.plan("locked")).rejects.toThrow(/workspace already locked.*"acme\/elixir-cluster-prod"/s);
      await execa("terraform", ["force-unlock", "-force", "acme/elixir-cluster-prod"], {
        cwd: folder,
        env: { SSL_CERT_FILE: path.join(scratch, "cert.pem"), [`TF_TOKEN_${api.host}`]: token },
      });
      expect(workspace().locked).toBe(false);
      await next.plan("unlocked");
    });

    it("says which host wants a token where there is none, and what a wrong one leads to", async () => {
      const none = terraformIn(folder, { [`TF_TOKEN_${api.host}`]: "" });
      await expect(none.init()).rejects.toThrow(`terraform login ${api.host}`);
      const wrong = terraformIn(folder, { [`TF_TOKEN_${api.host}`]: "wrong" });
      await expect(wrong.init()).rejects.toThrow("unauthorized");
    });

    it("destroys, and the last state is empty", async () => {
      await terraformIn(folder).destroy();
      expect(JSON.parse(workspace().states.at(-1)!.state!)).toHaveProperty("resources", []);
    });
  });

  describe("workspaces by tags", () => {
    it("chooses among those that have all tags by TF_WORKSPACE, and keeps their states apart", async () => {
      // GIVEN two workspaces with both tags, and one with only one of them
      const tags = ["elixir-cluster", "tier:staging"];
      const blue = api.create("staging-blue", tags, "local");
      const green = api.create("staging-green", tags, "local");
      api.create("something-else", ["elixir-cluster"], "local");
      const folder = await synthesized("staging", environmentIn("staging", { tags }));
      const terraform = terraformIn(folder, { TF_WORKSPACE: "staging-green" });
      // WHEN
      await terraform.init();
      const { stdout } = await execa("terraform", ["workspace", "list"], {
        cwd: folder,
        env: {
          SSL_CERT_FILE: path.join(scratch, "cert.pem"),
          [`TF_TOKEN_${api.host}`]: token,
          TF_WORKSPACE: "staging-green",
        },
      });
      await terraform.plan("first");
      await terraform.apply("first");
      // THEN
      const workspaces = [...stdout.matchAll(/^[* ] (\S+)$/gm)].map(([, name]) => name);
      expect(workspaces.sort()).toEqual(["staging-blue", "staging-green"]);
      expect(green.states).toHaveLength(1);
      expect(blue.states).toEqual([]);
      expect(await terraform.plan("second")).toEqual({ add: 0, change: 0, destroy: 0 });
      expect(api.unknown).toEqual([]);
    });
  });

  it("refuses an organization that isn't there by its name", async () => {
    const file = environmentIn("nobody", { name: "nobody" });
    const text = readFileSync(file, "utf8").replace('"acme"', '"acne"');
    writeFileSync(file, text);
    const folder = await synthesized("nobody", file);
    await expect(terraformIn(folder).init()).rejects.toThrow(/organization "acne" at host localhost:\d+ not found/);
  });
});
