import { execCommand } from "../console";
import { type DeployedEnvironment, serviceNamed } from "../deployed-environment";
import type { Transport } from "./ask-nodes";
import { runWithin } from "./run-within";

/** Timeout in seconds: ECS opens a session, and the release starts a node that asks. */
const timeoutSeconds = 30;

/** Prints the node and its peers. It contains no quotes, because two shells parse it. */
export const nodesExpression = "IO.inspect([node() | Node.list()], limit: :infinity, width: :infinity)";

/** Asks through the release's `rpc` and ECS Exec: for an application without such a page, or out of reach. */
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
    // The session ends with its input, so the input stays open until the command has ended.
    const { stdout, stderr, exitCode } = await runWithin(timeoutSeconds, file, args);
    const [node, ...others] = printedNodes(stdout);
    if (node !== undefined) return JSON.stringify({ node, members: [node, ...others] });
    const lastLine = `${stdout}\n${stderr}`.trim().split("\n").at(-1)!.trim();
    throw new Error(lastLine || `exit code ${exitCode}`);
  };

/** The names in the list that {@link nodesExpression} prints. The plugin prints lines about its session around it. */
export function printedNodes(output: string): string[] {
  const list = /\[:"[^\]]*\]/.exec(output)?.[0] ?? "";
  return [...list.matchAll(/:"([^"]+)"/g)].map(([, name]) => name!);
}
