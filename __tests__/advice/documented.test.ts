import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { scenariosNamed } from "../../src/lab/scenarios";
import { projectRoot } from "../../src/project-root";
import { commandFault } from "./command-fault";
import { simpleCommands, syntaxError } from "./shell";
import { notEmpty } from "../not-empty";

const text = (file: string) => readFileSync(path.join(projectRoot, file), "utf8");
const below = (folder: string, ending: string) =>
  readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.join(folder, file));

const pages = ["README.md", ...below("docs", ".md")];

/** Blocks in a shell's language, or in none: whether these are commands shows in their first word. */
const blocks = (page: string) =>
  [...text(page).matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```/gm)]
    .filter(([, , language]) => ["", "sh", "bash", "console"].includes(language!))
    .map(([, indent, , body]) => body!.replace(new RegExp(`^${indent}`, "gm"), ""))
    .map(commandsOf)
    .filter((script) => /^(\w+=\S+ )*(npm|npx|terraform|aws|mix|git|curl|export|iex|PORT=\d+) /m.test(script));

/** What is typed in a block that shows a session: the lines behind `$`. */
const commandsOf = (block: string) =>
  /^\$ /m.test(block)
    ? [...block.matchAll(/^\$ (.*(?:\\\n.*)*)/gm)].map(([, typed]) => typed).join("\n")
    : block.replace(/=…/g, "=VALUE").replace(/…/g, "VALUE");

/** Commands in the middle of a sentence; those with a placeholder in them can't be parsed. */
const spans = (page: string) =>
  [
    ...text(page)
      .replace(/^( *)```[\s\S]*?^\1```/gm, "")
      .matchAll(/`((?:npm|npx|terraform|aws) [^`]+)`/g),
  ]
    .map(([, span]) => span!.replace(/\s+/g, " "))
    .filter((span) => !/[…<|]|\.\.\.|-- PATH/.test(span));

const faultsOf = async (script: string) => {
  const faults: string[] = [];
  for (const words of simpleCommands(script)) {
    const fault = await commandFault(words);
    if (fault !== undefined) faults.push(`${words.join(" ")}: ${fault.trim()}`);
  }
  return faults;
};

describe("commands in blocks of pages", () => {
  const cases = pages.flatMap((page) => blocks(page).map((script, at) => [page, at + 1, script] as const));

  it("are found", () => expect(cases.length).toBeGreaterThan(50));

  it.each(cases)("%s, block %i", async (_page, _at, script) => {
    expect(syntaxError(script)).toBeUndefined();
    expect(await faultsOf(script)).toEqual([]);
  });

  it("name scenarios that exist", () => {
    const named = cases.flatMap(([, , script]) => [
      ...script.matchAll(/npm run lab -- (?!list|up)([a-z -]+?)(?= --|\s*#|\n)/g),
    ]);
    expect(named.length).toBeGreaterThan(1);
    for (const [, names] of notEmpty(named)) expect(() => scenariosNamed(names!.trim().split(" "))).not.toThrow();
  });
});

/** Pages, and what they name in a sentence without its arguments. */
const named = [
  "aws ecs delete-task-definitions",
  "aws ecs put-cluster-capacity-providers",
  "aws ecs update-service --force-new-deployment",
  "aws iam delete-role-policy",
  "aws is not installed",
  "npm run adopt",
  "npm run console",
  "npm run doctor",
  "npm run lab",
  "npm run lab -- up",
  "npm run logs",
  "npm run review",
  "npm run rollback",
  "npm run secrets",
  "npm run status",
  "npm run task",
  "npm run unstick",
  "terraform force-unlock",
  "terraform import",
  "terraform state rm",
  "terraform workspace select",
];

describe("commands in sentences", () => {
  it.each(pages.filter((page) => spans(page).length > 0))("%s", async (page) => {
    const whole = spans(page).filter((span) => !named.includes(span));
    expect((await Promise.all(whole.map(faultsOf))).flat()).toEqual([]);
  });
});

describe("the commands of help", () => {
  it.each(text("help").trim().split("\n"))("%s", async (line) => {
    const command = line.split(/ {2,}/)[0]!.split(";")[0]!;
    const alternatives = /\S+\|\S+/.exec(command)?.[0].split("|") ?? [""];
    for (const one of notEmpty(alternatives)) expect(await faultsOf(command.replace(/\S+\|\S+/, one))).toEqual([]);
  });
});

/** String literals and templates of the sources. Holes of a template become `VALUE`. */
function* literals(file: string): Generator<string> {
  const source = ts.createSourceFile(file, text(file), ts.ScriptTarget.Latest, true);
  const nodes: ts.Node[] = [source];
  for (const node of nodes) {
    node.forEachChild((child) => void nodes.push(child));
    if (ts.isStringLiteralLike(node)) yield node.text;
    else if (ts.isTemplateExpression(node))
      yield node.head.text + node.templateSpans.map(({ literal }) => `VALUE${literal.text}`).join("");
  }
}

/** What reads like a command that somebody should type. */
const looksLikeCommand =
  /(?:^|[\s`'"(:])(npm (?:run|ci|install)\b|npx |terraform (?:init|plan|apply|show|destroy|import)\b|aws [a-z0-9-]+ [a-z]|mix [a-z]|pip install|apt-get |sudo |cdktf (?:diff|deploy|destroy|synth)\b)/;

/** Literals that aren't advice, or whose command is checked in another place, with the reason. */
const noAdvice: readonly (readonly [file: RegExp, literal: RegExp, reason: string])[] = [
  [/^src\/advice\.ts$/, /./, "the table itself: advice.test.ts"],
  [/^src\/cli\//, /^\n*(Examples?:\n)? {2}(npm|npx|terraform) /, "examples of --help: the next test"],
  [/^src\/cli\/review\.ts$/, /^JSON of terraform show -json/, "what an argument is"],
  [/^src\/environment\/schema\/formats\.ts$/, /not starting with aws or ssm/, "prose"],
  [/^src\/(demo|lab)\//, /^terraform (init|plan|apply|destroy)/, "the title of a step that runs here"],
  [/^src\/cli\/swallowed-options\.ts$/, /run npx elixir-cluster instead of/, "which of two to put in front"],
  [/^src\/demo\/demo\.ts$/, /^npm run demo$/, "the title of a timeline"],
  [/^src\/lab\//, /^mix release of|mix release said/, "what ran here"],
  [/^src\/lab\/scenarios\//, /by terraform apply$/, "what a scenario does next"],
  [/^src\/lab\/local-aws\/terraform\.ts$/, /terraform plan gave no summary/, "what Terraform printed"],
  [
    /^src\/review\/read\/plan\.ts$/,
    /Fix what terraform plan reports|as terraform show -json of Terraform/,
    "what a plan reports",
  ],
  [/^src\/review\/read\/input\.ts$/, /It is the log that terraform plan -json prints/, "what a file is"],
  [
    /^src\/review\/read\/input\.ts$/,
    /terraform show -json prints|pass it through terraform show -json/,
    "what a file is",
  ],
  [/^src\/review\/checks\/secrets\/exec-permissions\.ts$/, /execute-command fails/, "what happens"],
  [
    /^src\/adopt\/steps\/image\/image-tools\.ts$/,
    /apt-get/,
    "a line for a Dockerfile: __tests__/elixir-app/dockerfile.test.ts",
  ],
  [
    /^src\/adopt\/steps\/(advice|steps)\.ts$/,
    /mix (new|phx\.gen\.release)|a mix project/,
    "a generator of Elixir's or Phoenix's",
  ],
  [/^src\/operations\/run-task\/follow-task\.ts$/, /^npm run task was interrupted$/, "a reason that ECS shows"],
  [/^src\/init\/files\.ts$/, /^npx tsx main\.ts$/, "the app of a cdktf.json"],
  [/^src\/(adopt|cli)\//, /mix project/, "prose"],
  [/^src\/operations\/run-task\/follow-task\.ts$/, /^npm run task was interrupted$/, "the reason of a stopped task"],
];

describe("sources", () => {
  it("advise no command that src/advice.ts doesn't own", () => {
    const strays = below("src", ".ts").flatMap((file) =>
      [...literals(file)]
        .filter((literal) => looksLikeCommand.test(literal))
        .filter((literal) => !noAdvice.some(([files, known]) => files.test(file) && known.test(literal)))
        .map((literal) => `${file}: ${literal}`),
    );
    expect(strays).toEqual([]);
  });

  it("show examples in --help that the commands take", async () => {
    const examples = below("src/cli", ".ts")
      .flatMap((file) => [...literals(file)])
      .flatMap((literal) => [...literal.matchAll(/^ {2}((?:npm|terraform|npx) .*)$/gm)].map(([, line]) => line!));
    expect(examples.length).toBeGreaterThan(15);
    expect((await Promise.all(examples.map(faultsOf))).flat()).toEqual([]);
  });
});
