import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { Command, Option } from "commander";
import { advice } from "../advice";
import { print, terminal, write } from "../foreign-text";
import type { Answers, Pipeline } from "../init";
import { UserError } from "../user-error";
import { ask, confirm, type Terminal } from "./operations/confirm";
import { run } from "./operations/operation";

interface Options {
  readonly into?: string;
  readonly name?: string;
  readonly environment: string;
  readonly region?: string;
  readonly vpc?: string;
  readonly domain?: string;
  readonly state?: string;
  readonly yes?: true;
  readonly force?: true;
  readonly adopt: boolean;
  readonly ci: Pipeline;
}

/** `init [project]`. Exit code 0 when all is there or was written, 1 when the answer was no, 2 when it can't go on. */
export function initCommand(): Command {
  return new Command("init")
    .description("write infrastructure/ for a Phoenix or mix project, and adopt the project")
    .argument("[project]", "the folder of the mix project", ".")
    .option("--into <folder>", "folder to write (default: infrastructure in the project)")
    .option("--name <name>", "name of the service (default: the application's)")
    .option("--environment <name>", "name of the environment", "prod")
    .option("--region <region>", "AWS region")
    .option("--vpc <id, name or create>", 'an existing VPC: its id, or its tag Name; "create" for a new one')
    .option("--domain <domain>", "public name, for a load balancer (default: none)")
    .option("--state <bucket>", 'S3 bucket of the Terraform state, or "local" for a file')
    .addOption(
      new Option("--ci <kind>", "pipeline to write: plan and review of pull requests, deployment of main")
        .choices(["github", "gitlab", "none"] satisfies Pipeline[])
        .default("github"),
    )
    .option("--yes", "write without asking")
    .option("--force", "also where files to change have uncommitted changes")
    .option("--no-adopt", "leave the mix project as it is")
    .addHelpText(
      "after",
      "\nExamples:\n  npx elixir-cluster init" +
        "\n  npx elixir-cluster init ../my_app --region eu-west-1 --vpc main --state acme-terraform-state --yes" +
        "\n\nFiles that exist stay as they are.",
    )
    .action((project: string, options: Options) => run(() => init(path.resolve(project), options)));
}

async function init(root: string, options: Options): Promise<number> {
  const [initialization, adoption] = await Promise.all([import("../init"), import("../adopt")]);
  if (!existsSync(path.join(root, "mix.exs"))) {
    throw new UserError(`${root} has no mix.exs. Run init in the folder of a mix project, or name it as its argument.`);
  }
  const into = path.resolve(options.into ?? path.join(root, "infrastructure"));
  const project = adoption.readMixProject(root, {});
  const application = initialization.applicationOf(project);
  const answers = existsSync(path.join(into, "environments.json"))
    ? undefined
    : await answersFor(options, initialization.serviceNameOf(application.name));
  const files = initialization.missingFiles(into, answers, application);
  const named = answers ?? {
    name: options.name ?? initialization.serviceNameOf(application.name),
    environment: options.environment,
  };
  const repository = initialization.repositoryOf(root);
  const pipeline = initialization.missingPipeline(
    { pipeline: options.ci, repository, folder: into, project: root },
    named,
  );
  const plan = options.adopt ? adoption.planAdoption(project) : undefined;
  const changes = plan?.changes ?? [];

  const shown = path.relative(process.cwd(), into) || ".";
  if (files.length > 0) print(`${shown}:`);
  for (const { file } of files) print(`  new      ${file}`);
  if (pipeline.length > 0) print(`${path.relative(process.cwd(), repository) || "."}:`);
  for (const { file } of pipeline) print(`  new      ${file}`);
  if (plan) write(terminal`\n${adoption.describeFindings(plan)}${adoption.describeByHand(plan)}`);
  const count = files.length + pipeline.length + changes.length;
  if (count === 0) {
    const complete = !plan || adoption.isComplete(plan);
    print(
      complete ? `\nNothing to do: ${shown} has all files.` : "\nNothing to write: what is left is by hand, see above.",
    );
    return 0;
  }
  const edited = changes.filter(({ before }) => before !== undefined).map(({ file }) => file);
  if (edited.length > 0 && !options.force) await adoption.requireCleanTree(root, edited);
  print("");
  const question = `Write ${count} files?`;
  if (!(await confirm(question, { yes: options.yes }))) {
    print("Nothing was written.");
    return 1;
  }
  mkdirSync(into, { recursive: true });
  adoption.writeAll(into, files);
  adoption.writeAll(repository, pipeline);
  adoption.writeAll(root, changes);
  print(`Wrote ${count} files. Next:\n`);
  nextCommands(shown, answers?.environment ?? options.environment).forEach((line) => print(`  ${line}`));
  return 0;
}

const nextCommands = (folder: string, environment: string) => [
  advice.installIn(folder),
  advice.synthAndReview(environment),
  advice.secretsAndDeploy(environment),
];

/** What the options don't say is asked for; the answers are checked together with the file. */
export async function answersFor(
  options: Omit<Options, "ci">,
  application: string,
  io: Terminal = { input: process.stdin, output: process.stderr },
): Promise<Answers> {
  const { environment, domain } = options;
  const required = { region: options.region, vpc: options.vpc, state: options.state };
  const missing = Object.entries(required).filter(([, value]) => value === undefined);
  if (missing.length === 0)
    return {
      ...(required as Required<Pick<Answers, keyof typeof required>>),
      environment,
      domain,
      name: options.name ?? application,
    };
  if (!io.input.isTTY || !io.output.isTTY) {
    const flags = missing.map(([name]) => `--${name}`).join(", ");
    throw new UserError(
      `Nothing was written: there is no terminal to ask on, and ${flags} ${missing.length === 1 ? "is" : "are"} missing. For instance: ` +
        "--region eu-west-1 --vpc vpc-0abc1234def567890 --state acme-terraform-state; --domain, --name and --environment are optional.",
    );
  }
  const value = async (given: string | undefined, question: string, otherwise: string) =>
    given ?? ((await ask(`${question}${otherwise && ` [${otherwise}]`}: `, io)) || otherwise);
  return {
    environment,
    name: await value(options.name, "Name of the service", application),
    region: await value(options.region, "AWS region", process.env.AWS_REGION ?? "eu-west-1"),
    vpc: (await value(options.vpc, "Existing VPC, by its id or its tag Name, or create", "")) || noVpc(),
    domain: (await value(domain, "Public domain, empty for none", "")) || undefined,
    state: await value(options.state, "S3 bucket of the Terraform state, or local", "local"),
  };
}

function noVpc(): never {
  throw new UserError(
    "Nothing was written: no VPC is named. Answer with the id of one, such as vpc-0abc1234def567890, its tag Name, or create.",
  );
}
