import { commandLine } from "../../../containers/one-off-command";
import { literal } from "../../literal";
import { commonParts, type CommonProps } from "./container-definition";
import { toCloudWatch } from "./container-parts";

/** The parts of the init container's definition. */
export interface InitContainerProps extends CommonProps {
  /** A command of the release, or a program of the image and its arguments. */
  readonly beforeStart: readonly string[];
  readonly releaseName: string;
}

/**
 * The container that must succeed before the task's node starts, as ECS's JSON has it. It has no CPU and memory of its own:
 * nothing else in the task runs at that time. It has no `startTimeout` either, which Fargate limits to 120 seconds.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
export function initContainer(props: InitContainerProps): object {
  const [program, ...args] = commandLine(props.beforeStart, props.releaseName).map(literal);
  return {
    ...commonParts(props),
    // A log router takes the node's output alone.
    ...toCloudWatch(props, "awslogs" in props.logs.driver ? props.logs.driver.awslogs : undefined),
    essential: false,
    // Not the image's entry point: `mix phx.gen.release --docker` writes none, and others have the release's script there.
    entryPoint: [program],
    ...(args.length > 0 ? { command: args } : {}),
  };
}

/** Why `beforeStart` can't end before a node starts. */
export function wrongCommands(beforeStart: readonly string[] | undefined): string[] {
  if (beforeStart === undefined) return [];
  const [first = "", expression = ""] = beforeStart;
  if (first.includes("/") || (first === "eval" && expression.trim() !== "")) return [];
  const found = first === "eval" ? "has no expression after eval" : `begins with "${first}"`;
  return [
    `beforeStart ${found}; allowed: ["eval", "<an expression>"] for the release's script, or a program's path and its arguments, such as ["bin/migrate"]`,
  ];
}
