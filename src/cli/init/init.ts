import { existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { Command, Option } from "commander";
import { advice } from "../../advice";
import { print, terminal, write } from "../../foreign-text";
import type { AdoptionPlan } from "../../adopt";
import type { Answers, Application, Pipeline } from "../../init";
import { UserError } from "../../user-error";
import { confirm } from "../operations/confirm";
import { run } from "../operations/operation";
import { answersFor, givenOptions, type GivenAnswers } from "./answers";

interface Options extends GivenAnswers {
  readonly into?: string;
  readonly yes?: true;
  readonly force?: true;
  readonly adopt: boolean;
  readonly ci: Pipeline;
  readonly app?: string;
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
    .option("--force", "write even if files to change have uncommitted changes")
    .option("--app <name>", "the application of an umbrella that starts the cluster")
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
  const [initialization, adoption] = await Promise.all([import("../../init"), import("../../adopt")]);
  if (!existsSync(path.join(root, "mix.exs"))) {
    throw new UserError(`${root} has no mix.exs. Run init in the folder of a mix project, or name it as its argument.`);
  }
  const into = path.resolve(options.into ?? path.join(root, "infrastructure"));
  refuseFile(into);
  const project = adoption.readMixProject(root, { app: options.app });
  const application = initialization.applicationOf(project);
  const plan = options.adopt ? adoption.planAdoption(project) : undefined;
  const changes = plan?.changes ?? [];
  const edited = changes.filter(({ before }) => before !== undefined).map(({ file }) => file);
  // Before the questions, whose answers would be lost.
  if (edited.length > 0 && !options.force) await adoption.requireCleanTree(root, edited);

  const environmentsFile = path.join(into, "environments.json");
  const described = existsSync(environmentsFile);
  const defaultName = initialization.serviceNameOf(application.name);
  const answers = described ? undefined : await answersFor(options, defaultName, initialization.answerProblem);
  if (!described && !answers) return nothingWritten();
  const files = initialization.missingFiles(into, answers, application);
  const named = answers ??
    initialization.namesIn(environmentsFile, options.environment) ?? {
      name: options.name ?? defaultName,
      environment: options.environment,
    };
  const repository = initialization.repositoryOf(root);
  const pipeline = initialization.missingPipeline(
    { pipeline: options.ci, repository, folder: into, project: root },
    named,
  );

  const shown = fromHere(into);
  const ignored = described ? givenOptions(options) : [];
  if (ignored.length > 0)
    print(
      `${fromHere(environmentsFile)} stays as it is, so ${ignored.join(", ")} ${ignored.length === 1 ? "changes" : "change"} nothing. Edit the file.\n`,
    );
  for (const { file } of files) print(`new      ${fromHere(into, file)}`);
  for (const { file } of pipeline) print(`new      ${fromHere(repository, file)}`);
  const heading = `In the mix project${changes.length > 0 ? ", where init adds what is missing" : ""}`;
  if (plan) write(terminal`\n${heading}:\n${adoption.describeFindings(plan)}${adoption.describeByHand(plan)}`);
  if (plan) write(adoption.describeAdvice({ advice: remarks(plan, answers, application) }));
  const count = files.length + pipeline.length + changes.length;
  if (count === 0) {
    const complete = !plan || adoption.isComplete(plan);
    print(
      complete ? `\nNothing to do: ${shown} has all files.` : "\nNothing to write: what is left is by hand, see above.",
    );
    return 0;
  }
  const notice = answers && initialization.regionNotice(answers.region);
  print(notice ? `\nNote: ${notice}\n` : "");
  const counted = count === 1 ? "1 file" : `${count} files`;
  if (!(await confirm(`Write ${counted}?`, { yes: options.yes }))) return nothingWritten();
  mkdirSync(into, { recursive: true });
  adoption.writeTogether([
    { root: into, changes: files },
    { root: repository, changes: pipeline },
    { root, changes },
  ]);
  print(`Wrote ${counted}. Next:\n`);
  for (const line of nextCommands(shown, named.environment)) print(`  ${line}`);
  print(
    `\nThe last line needs AWS credentials, and your image: ${advice.setImage(initialization.imageVariable(named.name))}`,
  );
  if (changes.some(({ file }) => file.endsWith("mix.exs")))
    print(
      `${root === process.cwd() ? "" : `In ${fromHere(root)}, `}${advice.fetchAndCompile()} fetches what was added to mix.exs.`,
    );
  return 0;
}

/** What its owner should know; not what the new environments.json settles. */
const remarks = (plan: AdoptionPlan, answers: Answers | undefined, { servesHttp }: Application) =>
  answers && (servesHttp || !answers.domain)
    ? plan.advice.filter((remark) => !plan.settledByInit.includes(remark))
    : plan.advice;

/** A path as its user would type it. */
function fromHere(...names: string[]): string {
  const absolute = path.join(...names);
  const relative = path.relative(process.cwd(), absolute) || ".";
  return relative.length < absolute.length ? relative : absolute;
}

function nothingWritten(): number {
  print("Nothing was written.");
  return 1;
}

function refuseFile(into: string): void {
  if (existsSync(into) && !statSync(into).isDirectory())
    throw new UserError(`${into} is a file. Name a folder with --into: one to create, or one that exists.`);
}

const nextCommands = (folder: string, environment: string) => [
  advice.installIn(folder),
  advice.synthAndReview(environment),
  advice.secretsAndDeploy(environment),
];
