import { commandWords } from "./installed";

/**
 * The commands in our advice to users. All output, error messages and findings take their commands from here, so that one
 * test can run them all (`__tests__/advice.test.ts`). Each is text for a POSIX shell with its arguments quoted.
 */

/** An environment, and the file that contains it. */
export interface NamedEnvironment {
  readonly name: string;
  readonly file: string;
}

/** An ECS service as the AWS CLI finds it. */
export interface NamedService {
  readonly region: string;
  readonly cluster: string;
  /** Name of the ECS service. */
  readonly service: string;
}

/** The default environments file of all commands. */
export const defaultEnvironmentsFile = "environments.json";

/** Words as one command for a POSIX shell, quoted where the shell would change them. */
export const shellWords = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");

/** A command of ours. Behind `npm run`, its options come after `--`; otherwise npm takes them. */
function command(name: string, environment: NamedEnvironment, ...options: string[]): string {
  const own = environment.file === defaultEnvironmentsFile ? [] : ["--environments", environment.file];
  return shellWords([...commandWords(name), environment.name, ...options, ...own]);
}

/** The CDKTF CLI synthesizes first, and takes the file only from a variable. */
function cdktf(command: string, { name, file }: NamedEnvironment): string {
  const own = file === defaultEnvironmentsFile ? "" : `ENVIRONMENTS_FILE=${shellWords([file])} `;
  return `${own}${shellWords(["npx", "cdktf", command, name])}`;
}

/** A container of a task, and the command to run in it. */
export interface ContainerCommand {
  readonly region: string;
  readonly cluster: string;
  readonly task: string;
  readonly container: string;
  readonly command: string;
}

/** Opens a session in a container. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html */
export const ecsExec = ({ region, cluster, task, container, command }: ContainerCommand) =>
  [
    ...(["aws", "ecs", "execute-command", "--interactive", "--region", region] as const),
    ...["--cluster", cluster, "--task", task, "--container", container, "--command", command],
  ] as const;

const aws = (service: string, operation: string, region: string, ...options: string[]): string =>
  shellWords(["aws", service, operation, "--region", region, ...options]);

const updateService = ({ region, cluster, service }: NamedService, ...change: string[]): string =>
  aws("ecs", "update-service", region, "--cluster", cluster, "--service", service, ...change);

function putParameter(region: string, parameter: string, kmsKeyArn: string | undefined, ...further: string[]): string {
  const key = kmsKeyArn ? ["--key-id", kmsKeyArn] : [];
  const options = ["--type", "SecureString", "--name", parameter, "--value", "file:///dev/stdin", ...key, ...further];
  return `(${asked} && printf %s "$VALUE") | ${aws("ssm", "put-parameter", region, ...options)}`;
}

/** Shell for: ask for a value without showing it. */
const asked = "read -rs VALUE";
const kmsKey = (kmsKeyArn: string | undefined): string[] => (kmsKeyArn ? ["--kms-key-id", kmsKeyArn] : []);

/** Creates a secret that is one value. */
function createSecret(region: string, name: string, kmsKeyArn?: string): string {
  const options = ["--name", name, "--secret-string", "file:///dev/stdin", ...kmsKey(kmsKeyArn)];
  return `(${asked} && printf %s "$VALUE") | ${aws("secretsmanager", "create-secret", region, ...options)}`;
}

/** Sets one key of a secret's JSON object, and keeps the others. The value is in the environment of jq, not in its arguments. */
function putSecretKey(region: string, name: string, key: string): string {
  const id = ["--secret-id", name];
  const read = aws("secretsmanager", "get-secret-value", region, ...id, "--query", "SecretString", "--output", "text");
  const write = aws("secretsmanager", "put-secret-value", region, ...id, "--secret-string", "file:///dev/stdin");
  const set = shellWords(["jq", `.[${JSON.stringify(key)}] = env.VALUE`]);
  return `(${asked} && export VALUE && ${read} | ${set}) | ${write}`;
}

/** The table of advised commands. */
export const advice = {
  /** Shows what Terraform would change in an environment. */
  plan: (environment: NamedEnvironment) => cdktf("diff", environment),
  /** Plans, asks, and applies. */
  apply: (environment: NamedEnvironment) => cdktf("deploy", environment),
  /** Destroys everything in the state of a synthesized folder, even when the app no longer has its stack. */
  destroyFolder: (folder: string) => shellWords(["terraform", `-chdir=${folder}`, "destroy"]),
  removeFolder: (folder: string) => shellWords(["rm", "-r", folder]),

  doctor: (environment: NamedEnvironment) => command("doctor", environment),
  doctorWatch: (environment: NamedEnvironment) => command("doctor", environment, "--watch"),
  status: (environment: NamedEnvironment) => command("status", environment),
  secrets: (environment: NamedEnvironment) => command("secrets", environment),
  rotateSecret: (environment: NamedEnvironment, variable: string) =>
    command("secrets", environment, "--rotate", variable),
  rotateAuthority: (environment: NamedEnvironment) => command("secrets", environment, "--rotate-authority"),
  unstickYes: (environment: NamedEnvironment, forRemoval = false) =>
    command("unstick", environment, "--yes", ...(forRemoval ? ["--for-removal"] : [])),

  /** The demo in a container that has all it needs: on macOS, for example. */
  demoInContainer: () =>
    "docker build -t elixir-cluster-lab -f docker/lab/Dockerfile . && docker run --rm -it --privileged elixir-cluster-lab npm run demo",
  /** A script of package.json with its own options after `--`. The words are already quoted. */
  npmRun: (script: string, words: readonly string[]) => ["npm", "run", script, "--", ...words].join(" "),
  /** Suppresses a finding of the review, with a reason. */
  ignoreFinding: (check: string) =>
    shellWords([...commandWords("review"), "--ignore", `${check}@ADDRESS=why this is right here`]),
  /** Writes the schema that gives completion in `environments.json`. */
  schema: () => shellWords(commandWords("schema").filter((word) => word !== "--")),
  /** Creates the plan that the review reads, in a folder of Terraform. */
  planAsJson: () => "terraform plan -out plan.bin && terraform show -json plan.bin > plan.json",

  signIn: () => "aws sso login",
  configureCredentials: () => "aws configure",
  /** Opens a session in a container. */
  execute: (command: ContainerCommand) => shellWords(ecsExec(command)),
  /** Stops all tasks of a service. */
  stopService: (service: NamedService) => updateService(service, "--desired-count", "0"),
  /** Replaces all tasks of a service, for instance to take a new secret. */
  redeployService: (service: NamedService) => updateService(service, "--force-new-deployment"),
  /** Stops a deployment that is in progress; ECS goes back to the revision before it. */
  stopDeployment: (region: string, arn: string) =>
    aws("ecs", "stop-service-deployment", region, "--service-deployment-arn", arn, "--stop-type", "ROLLBACK"),
  /** Stops a task; ECS starts another one. */
  stopTask: ({ region, cluster }: Omit<NamedService, "service">, task: string) =>
    aws("ecs", "stop-task", region, "--cluster", cluster, "--task", task),
  /** Removes ingress or egress rules from a security group. */
  revokeRules: (region: string, direction: "ingress" | "egress", groupId: string, ruleIds: readonly string[]) =>
    aws(
      "ec2",
      `revoke-security-group-${direction}`,
      region,
      "--group-id",
      groupId,
      "--security-group-rule-ids",
      ...ruleIds,
    ),
  /** Ends the waiting time after which Secrets Manager deletes a secret. */
  restoreSecret: (region: string, secret: string) =>
    aws("secretsmanager", "restore-secret", region, "--secret-id", secret),
  deleteParameter: (region: string, parameter: string) => aws("ssm", "delete-parameter", region, "--name", parameter),
  /** Asks for a value without showing it, and passes it through a pipe, because every process can read arguments. */
  putParameter: (region: string, parameter: string, kmsKeyArn?: string) => putParameter(region, parameter, kmsKeyArn),
  /** The same for a secret in Secrets Manager. */
  createSecret,
  /** A secret without keys, for {@link putSecretKey}. */
  createEmptySecret: (region: string, name: string, kmsKeyArn?: string) =>
    aws("secretsmanager", "create-secret", region, "--name", name, "--secret-string", "{}", ...kmsKey(kmsKeyArn)),
  putSecretKey,
  /** The same for a parameter that exists. */
  overwriteParameter: (region: string, parameter: string, kmsKeyArn?: string) =>
    putParameter(region, parameter, kmsKeyArn, "--overwrite"),

  /** Installs moto in this project's own virtual environment. */
  installMoto: (requirement: string) =>
    `python3 -m venv .cache/venv && ${shellWords([".cache/venv/bin/pip", "install", requirement])}`,
  installDebianPackages: (packages: readonly string[]) => shellWords(["sudo", "apt-get", "install", ...packages]),
  /** Changes a setting of the kernel until the next boot. */
  setKernel: (setting: string, value: number) => shellWords(["sudo", "sysctl", `${setting}=${value}`]),

  /** Installs the packages of a folder that `init` wrote. */
  installIn: (folder: string) => `${shellWords(["cd", folder])} && npm install`,
  /** Writes the Terraform JSON and reviews it: nothing in AWS is read. */
  synthAndReview: (environment: string) =>
    `npx elixir-cluster synth && ${shellWords(["npx", "elixir-cluster", "review", `cdktf.out/stacks/${environment}`])}`,
  /** Names the image to deploy, for Terraform. */
  setImage: (variable: string) => `export TF_VAR_${variable}=${shellWords(["<repository>:<tag>"])}`,
  /** Creates the secrets in SSM, and deploys. */
  secretsAndDeploy: (environment: string) =>
    `${shellWords(["npx", "elixir-cluster", "secrets", environment])} && ${shellWords(["npx", "cdktf", "deploy", environment])}`,

  /** Fetches and compiles changed dependencies of a mix project. */
  fetchAndCompile: () => "mix deps.get && mix compile",
} as const;
