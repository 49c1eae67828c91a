import { execCommand } from "../console";
import { type DeployedEnvironment, serviceNamed } from "../deployed-environment";
import type { Transport } from "./ask-nodes";
import { runWithin } from "./run-within";

/** Seconds until a node counts as silent: a session has to be opened, and a node started that asks. */
const patienceSeconds = 30;

/** Prints the node, and whom it is connected to. Without a quote in it: it passes through two shells' rules. */
export const nodesExpression = "IO.inspect([node() | Node.list()], limit: :infinity, width: :infinity)";

/** Asks by the release's `rpc`, through ECS Exec: for an application that has no such page, or can't be reached. */
export const byRpc =
  (environment: DeployedEnvironment): Transport =>
  async ({ service: name, taskId }) => {
    const service = serviceNamed(environment, name);
    const [file, ...args] = execCommand(
      environment,
      service,
      taskId,
      `bin/${service.releaseName} rpc "${nodesExpression}"`,
    );
    // The session ends with its input, so that stays open until the command has ended.
    const { stdout, stderr, exitCode } = await runWithin(patienceSeconds, file, args);
    const [node, ...others] = printedNodes(stdout);
    if (node !== undefined) return JSON.stringify({ node, members: [node, ...others] });
    const said = `${stdout}\n${stderr}`.trim().split("\n").at(-1)!.trim();
    throw new Error(said || `exit code ${exitCode}`);
  };

/** The names in the list that {@link nodesExpression} prints. What the plugin says of its session stands around it. */
export function printedNodes(output: string): string[] {
  const list = /\[:"[^\]]*\]/.exec(output)?.[0] ?? "";
  return [...list.matchAll(/:"([^"]+)"/g)].map(([, name]) => name!);
}
