/** Tests that run a documented command, and a text in one of them that shows so. A folder stands for all files in it. */
interface RunsIn {
  readonly tests: readonly string[];
  readonly contains: string;
}

const runs = (contains: string, ...tests: readonly string[]): RunsIn => ({ tests, contains });

const operations = "__tests__/operations";

/** The tests that run our commands. Each option that a page gives to one is in its tests too. */
export const ownCommands: Readonly<Record<string, RunsIn>> = {
  adopt: runs("adoptCommand()", "__tests__/cli/adopt.test.ts", "__tests__/adopt"),
  console: runs("consoleCommand()", operations),
  demo: runs('"run", "demo"', "__tests__/demo"),
  doctor: runs("doctorCommand()", operations),
  init: runs('"init"', "__tests__/cli/init/init.test.ts", "__tests__/package"),
  module: runs('"module"', "__tests__/cli/module.test.ts", "__tests__/stacks/module"),
  lab: runs("labUp(", "__tests__/lab"),
  logs: runs("logsCommand()", operations),
  review: runs('"review"', "__tests__/cli/review.test.ts", "__tests__/review"),
  rollback: runs("rollbackCommand()", operations),
  secrets: runs("secretsCommand()", operations),
  status: runs("statusCommand()", operations),
  synth: runs('"synth"', "__tests__/cli/synth.test.ts", "__tests__/package"),
  task: runs("taskCommand()", operations),
  unstick: runs("unstickCommand()", operations),
};

const alone = "__tests__/stacks/terraform-alone.test.ts";
const release = "__tests__/elixir-app/release.ts";

/** Other commands by their beginning, and the tests that run them. The tests call Terraform through a class. */
export const otherCommands: Readonly<Record<string, RunsIn>> = {
  "/tmp/myapp/bin/myapp start": runs('["start"]', release),
  "/tmp/myapp/bin/myapp rpc": runs('"rpc"', release),
  "mix release --path": runs('["release", "--path"', release),
  "npm pack": runs('"npm", ["pack"', "__tests__/package/consumer.ts"),
  "npm run check": runs("check:words", "__tests__/words.test.ts"),
  "npm run mutants": runs("mutants.mjs", "__tests__/bin/mutants.test.ts"),
  "npm run synth": runs('"main.ts"', "__tests__/main.test.ts"),
  "npx cdktf deploy": runs("secretsAndDeploy", "__tests__/package/first-steps.long.ts", "__tests__/main.test.ts"),
  "npx cdktf diff": runs("advice.plan(named)", "__tests__/main.test.ts"),
  "npx --package ../elixir-cluster/elixir-cluster-0.1.0.tgz elixir-cluster init": runs(
    "startScripts",
    "__tests__/package/first-steps.long.ts",
    "__tests__/package/package.test.ts",
  ),
  "npx elixir-cluster --version": runs('elixirCluster("--version")', "__tests__/package/package.test.ts"),
  "npx jest --selectProjects=quick": runs("confirm", "__tests__/cli/operations/confirm.test.ts"),
  "terraform apply": runs(".apply(", alone),
  "terraform destroy": runs(".destroy(", alone),
  "terraform force-unlock": runs('"force-unlock"', "__tests__/state/s3.test.ts"),
  "terraform init": runs(".init(", alone),
  "terraform init -migrate-state": runs('"-migrate-state"', "__tests__/state/s3.test.ts"),
  "terraform plan": runs(".plan(", alone),
  "jq -r": runs("paste(project, list)", "__tests__/stacks/from-plain-hcl.long.ts"),
  "terraform show -json": runs('"show", "-json"', "__tests__/main.test.ts"),
};

const shell = "is the shell's own";
const install =
  "__tests__/package installs the tarball without a registry: what it declares is linked into the project";
const outside = "needs a registry or an account outside of this machine";
const terminal = "opens a session at a terminal";

/** Commands, or options of ours, that no test runs, by their beginning, and why. */
export const notRun: Readonly<Record<string, string>> = {
  "[": shell,
  cd: shell,
  exit: shell,
  export: shell,
  sleep: shell,
  "cp -r": "copies a folder: terraform-alone.test.ts does it with Node",
  "tr -d": "passes a secret's value on",
  tar: "packs the configuration for Terraform Cloud; __tests__/state/terraform-cloud.test.ts runs the rest",
  curl: "asks Terraform Cloud, or a node of the two terminals, which no test starts",
  "/tmp/myapp/bin/myapp remote": terminal,
  "iex --sname": terminal,
  "mix deps.get": outside,
  "mix test": "is npm run test:elixir with the dependencies of hex.pm",
  "npm ci": "installs what this test needs to run at all",
  "npm install": install,
  "npm pkg set": "__tests__/stacks/cdktn.test.ts makes the same package.json, and synthesizes with it",
  "npm run bench": "measures this machine for minutes; __tests__/review runs what it measures",
  "npm run test:elixir": "is a step of npm test",
  "npm test": "runs this test",
  "docker build": "no Docker engine runs here; __tests__/elixir-app/dockerfile.test.ts checks the Dockerfile",
  "docker run": "no Docker engine runs here; lab-image.long.ts runs the image's steps in a Debian of its own",
  "docker login": outside,
  "docker push": outside,
  "aws cloudformation": "asks an account in which CDK has deployed",
  "aws ecr": outside,
  "aws ecs": "__tests__/operations/rollback registers the revision by the same calls of the SDK",
  "aws iam": outside,
  "aws s3api": "reads a bucket with versions, which local AWS's has none of",
  "aws ssm": "__tests__/operations/secrets puts the same parameters by the SDK",
  "terraform -chdir=cdktf.out/stacks/prod plan": "is terraform plan in another folder",
  "terraform apply -target":
    "waits for a person who creates DNS records; __tests__/stacks/web-targets.test.ts plans it",
  "terraform output dns_records_to_create": "prints the records; __tests__/stacks/web-targets.test.ts reads the output",
  "terraform state push": "overwrites a state; __tests__/state/s3.test.ts tests the lock that it takes",
  checkov: "isn't installed; __tests__/scanners has its rules with our reading of them",
  "trivy config": "isn't installed; __tests__/scanners has its rules with our reading of them",
  "npm run demo -- --keep": "waits at a prompt: __tests__/lab/prompt runs the prompt, __tests__/demo the rest",
  "npm run demo -- --web": "takes two minutes more; npm run test:web applies the load balancer",
  "npm run demo -- --timings": "prints a table after the demo: __tests__/lab/timings.test.ts",
  "npm run lab -- all": "runs every scenario, for minutes; npm run lab runs each by name",
  "npm run lab -- forms negative-cases": "runs two scenarios, of which __tests__/lab/scenarios has a short form",
  "npm run lab -- list": "prints the table that __tests__/lab/scenarios compares with lab.md",
  "npm run lab -- up --dir": "is a prompt on a folder: __tests__/lab/prompt/up.test.ts runs labUp on one",
};

/** Pages whose workflows a test runs step by step. */
export const workflows: Readonly<Record<string, RunsIn>> = {
  "docs/pipeline.md": runs('"pipeline.md"', "__tests__/docs/gitlab.test.ts"),
};
