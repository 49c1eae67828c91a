import { knownRegions } from "../aws/regions";
import { ConfigurationError, parseEnvironments, type Problem } from "../environment";
import { didYouMean } from "../environment/nearest";
import { type Answers, type Application, environmentsFile } from "./environments-file";

const application: Application = {
  name: "app",
  release: "app",
  discovery: "libcluster",
  servesHttp: true,
  secrets: [],
};
const allowed: Answers = { name: "app", environment: "prod", region: "eu-west-1", vpc: "create", state: "local" };

/** Where environments.json has an answer, below the environment. */
const places: Readonly<Record<keyof Answers, (value: string) => readonly string[]>> = {
  environment: () => [],
  name: (value) => ["services", value],
  region: () => ["region"],
  vpc: () => ["vpc"],
  domain: () => ["services", application.name, "web", "domain"],
  state: () => ["state", "s3", "bucket"],
};

/** What is wrong with one answer, whatever the others are; `undefined` when it is allowed. */
export function answerProblem(question: keyof Answers, value: string): Problem | undefined {
  const answers = { ...allowed, [question]: value };
  try {
    parseEnvironments(environmentsFile(answers, application), "environments.json");
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const place = ["environments", answers.environment, ...places[question](value)];
    const isThere = ({ path }: Problem) => place.every((key, index) => path[index] === key);
    return error.problems.find(isThere) ?? error.problems[0];
  }
}

/** A warning about an answer that is allowed and most likely a mistake. */
export function regionNotice(region: string): string | undefined {
  if ((knownRegions as readonly string[]).includes(region)) return undefined;
  return `This version doesn't know the region "${region}", and uses it as you wrote it.${didYouMean(region, knownRegions)}`;
}
