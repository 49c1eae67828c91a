/**
 * What a task that runs once, by hand or by a schedule, runs in place of a service's node: the overrides that RunTask takes
 * for the containers of the service's task definition.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerOverride.html
 */
export interface ContainerOverride {
  readonly name: string;
  readonly command: string[];
  readonly environment?: { readonly name: string; readonly value: string }[];
}

/** A container that must succeed before the service's own, and its command. */
export interface InitCommand {
  readonly name: string;
  readonly command: readonly string[];
}

/** A task that runs once. */
export interface OneOffCommand {
  /** Name of the container that runs the command. */
  readonly container: string;
  readonly releaseName: string;
  /** Its first word is a command of the release's script, such as `eval`, or the path of a program of the image. */
  readonly command: readonly string[];
  /** Whether the task is a node of the cluster: `start` and `eval` then run with distribution, otherwise without. */
  readonly join: boolean;
  /** Containers that run before. Those that evaluate an expression with the release evaluate nothing instead. */
  readonly before?: readonly InitCommand[];
}

/** The overrides, the command's container first. */
export function containerOverrides(options: OneOffCommand): ContainerOverride[] {
  const { container, releaseName, command, join, before = [] } = options;
  return [
    { name: container, command: commandLine(command, releaseName), environment: [joining(join)] },
    ...before.flatMap(({ name, command: words }) => (words[0] === "eval" ? [{ name, command: ["eval", ":ok"] }] : [])),
  ];
}

/** The release's `env.sh` reads these. `start` has distribution unless told otherwise, `eval` has none. */
const joining = (join: boolean) =>
  join ? { name: "EVAL_DISTRIBUTION", value: "name" } : { name: "RELEASE_DISTRIBUTION", value: "none" };

/** A first word without a slash is a command of the release's script, which is in the image's working directory. */
export function commandLine(command: readonly string[], releaseName: string): string[] {
  return command[0]?.includes("/") ? [...command] : [`bin/${releaseName}`, ...command];
}
