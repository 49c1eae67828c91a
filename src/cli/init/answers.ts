import { describe, type Problem } from "../../environment/problems";
import { write } from "../../foreign-text";
import type { Answers } from "../../init";
import { UserError } from "../../user-error";
import { Questions, type Terminal } from "../operations/confirm";

/** The options of `init` that are answers. */
export interface GivenAnswers {
  readonly name?: string;
  readonly environment: string;
  readonly region?: string;
  readonly vpc?: string;
  readonly domain?: string;
  readonly state?: string;
}

interface Question {
  readonly option: keyof Answers;
  readonly text: string;
  /** What an empty answer means; `undefined` where there must be one. */
  readonly otherwise: string | undefined;
}

/** What is wrong with an answer; `undefined` when it is allowed. */
type Check = (question: keyof Answers, value: string) => Problem | undefined;

const required = ["region", "vpc", "state"] as const;

/**
 * The answers of the options, and of a person for what no option gives. A wrong answer is asked for again.
 *
 * @param application the service's name unless an answer gives another. @param check what is wrong with one answer.
 * @returns `undefined` after Ctrl-C and Ctrl-D.
 * @throws UserError for wrong options, and where answers are missing and there is no terminal to ask on.
 */
export async function answersFor(
  options: GivenAnswers,
  application: string,
  check: Check,
  io: Terminal = { input: process.stdin, output: process.stderr },
): Promise<Answers | undefined> {
  refuseWrong({ name: application, ...options }, check);
  const missing = required.filter((option) => options[option] === undefined);
  if (missing.length === 0)
    return { name: application, ...(options as GivenAnswers & Pick<Answers, "region" | "vpc" | "state">) };
  if (!io.input.isTTY || !io.output.isTTY) {
    const flags = missing.map((name) => `--${name}`).join(", ");
    throw new UserError(
      `Nothing was written: there is no terminal to ask on, and ${flags} ${missing.length === 1 ? "is" : "are"} missing. For instance: ` +
        "--region eu-west-1 --vpc vpc-0abc1234def567890 --state acme-terraform-state; --domain, --name and --environment are optional.",
    );
  }
  const questions = new Questions(io);
  try {
    const answers: Partial<Record<keyof Answers, string>> = { ...options };
    for (const question of questionsFor(application)) {
      if (answers[question.option] !== undefined) continue;
      const answer = await allowedAnswer(questions, question, check, io);
      if (answer === undefined) return undefined;
      if (answer !== "") answers[question.option] = answer;
    }
    return answers as unknown as Answers;
  } finally {
    questions.end();
  }
}

const questionsFor = (application: string): Question[] => [
  { option: "name", text: "Name of the service", otherwise: application },
  { option: "region", text: "AWS region", otherwise: process.env.AWS_REGION ?? "eu-west-1" },
  { option: "vpc", text: "Existing VPC, by its id or its tag Name, or create", otherwise: undefined },
  { option: "domain", text: "Public domain, empty for none", otherwise: "" },
  { option: "state", text: "S3 bucket of the Terraform state, or local", otherwise: "local" },
];

/** @returns an empty text for none; `undefined` after Ctrl-C and Ctrl-D. */
async function allowedAnswer(
  questions: Questions,
  { option, text, otherwise }: Question,
  check: Check,
  { output }: Terminal,
): Promise<string | undefined> {
  for (;;) {
    const typed = await questions.ask(`${text}${otherwise ? ` [${otherwise}]` : ""}: `);
    if (typed === undefined) return undefined;
    const answer = typed || otherwise;
    if (answer === "") return answer;
    const problem = answer === undefined ? missingAnswer : check(option, answer);
    if (!problem) return answer;
    write(`  ${describe({ ...problem, path: [] }).replace(/^: /, "")}\n`, output);
  }
}

const missingAnswer: Problem = {
  path: [],
  found: "No answer",
  allowed: "a VPC's id, such as vpc-0abc1234def567890, its tag Name, or create",
};

/** The options that are answers, as a person wrote them. */
export const givenOptions = (options: Partial<GivenAnswers>): string[] =>
  answerOptions
    .filter((option) => option !== "environment" && options[option] !== undefined)
    .map((option) => `--${option}`);

function refuseWrong(options: Partial<Record<keyof Answers, string>>, check: Check): void {
  const problems = answerOptions.flatMap((option) => {
    const value = options[option];
    const problem = value === undefined ? undefined : check(option, value);
    return problem ? [describe({ ...problem, path: [`--${option}`] })] : [];
  });
  if (problems.length > 0)
    throw new UserError(`Nothing was written:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
}

const answerOptions = ["name", "environment", "region", "vpc", "domain", "state"] as const satisfies (keyof Answers)[];
