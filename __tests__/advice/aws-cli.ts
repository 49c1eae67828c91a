import * as cloudwatchLogs from "@aws-sdk/client-cloudwatch-logs";
import * as ec2 from "@aws-sdk/client-ec2";
import * as ecs from "@aws-sdk/client-ecs";
import * as iam from "@aws-sdk/client-iam";
import * as s3 from "@aws-sdk/client-s3";
import * as secretsManager from "@aws-sdk/client-secrets-manager";
import * as serviceDiscovery from "@aws-sdk/client-servicediscovery";
import * as ssm from "@aws-sdk/client-ssm";

/** The SDK has the service models that the AWS CLI is generated from, so it knows each operation and option. */
const models: Readonly<Record<string, object>> = {
  ec2,
  ecs,
  iam,
  logs: cloudwatchLogs,
  s3api: s3,
  secretsmanager: secretsManager,
  servicediscovery: serviceDiscovery,
  ssm,
};

/** Operations of services that this project has no SDK client for, and commands that only the CLI has. */
const others: Readonly<Record<string, readonly string[]>> = {
  "cloudformation list-stack-resources": ["stackname"],
  configure: [],
  "ecr describe-images": ["repositoryname", "imageids", "registryid"],
  "ecr get-login-password": [],
  "sso login": [],
};

/** Options that every command of the CLI takes. */
const everywhere = ["region", "profile", "query", "output", "cliinputjson"];

/** An operation's, or a structure's, schema. Names, and how many of the members are required, which come first. */
type OperationSchema = readonly [9, string, string, unknown, StructureSchema | (() => StructureSchema)];
type StructureSchema = readonly [3, string, string, unknown, readonly string[], unknown, number?];

const plain = (name: string) => name.replaceAll("-", "").toLowerCase();

/** What is wrong with a command of the AWS CLI; `undefined` when nothing is. */
export function awsFault(words: readonly string[]): string | undefined {
  const options = words.filter((word) => word.startsWith("--")).map((word) => word.slice(2).split("=")[0]!);
  const [, service = "", operation = ""] = words;
  const other = others[`${service} ${operation}`] ?? others[service];
  if (other) return unknownOption(options, other);
  const model = models[service];
  if (!model) return `aws ${service}: no model of that service is installed, and it isn't in the list of others`;
  if (operation === "wait") return waiterFault(model, service, words[3] ?? "");
  const name = Object.keys(model).find((key) => key.endsWith("$") && plain(key.slice(0, -1)) === plain(operation));
  const schema = name && (model as Record<string, OperationSchema>)[name];
  if (!schema || schema[0] !== 9) return `aws ${service} has no operation ${operation}`;
  const input = typeof schema[4] === "function" ? schema[4]() : schema[4];
  const [, , , , members, , required = 0] = input;
  // The file has the input. Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-skeleton.html
  const isInFile = options.includes("cli-input-json");
  const missing = members
    .slice(0, isInFile ? 0 : required)
    .find((member) => !options.some((option) => plain(option) === plain(member)));
  if (missing !== undefined) return `aws ${service} ${operation} lacks ${missing}`;
  return unknownOption(options, members.map(plain));
}

/** What the CLI waits for; the SDK has a function for each. */
function waiterFault(model: object, service: string, waiter: string): string | undefined {
  const known = Object.keys(model).some((key) => plain(key) === `waituntil${plain(waiter)}`);
  return known ? undefined : `aws ${service} wait knows no ${waiter}`;
}

function unknownOption(options: readonly string[], known: readonly string[]): string | undefined {
  const unknown = options.find((option) => {
    const name = plain(option);
    return ![...everywhere, ...known].includes(name) && !known.includes(name.replace(/^no/, ""));
  });
  return unknown === undefined ? undefined : `there is no option --${unknown}`;
}
