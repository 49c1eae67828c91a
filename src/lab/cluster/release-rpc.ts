import { remoteShell } from "../../containers/remote-shell";
import type { Container, ExecResult } from "../data-plane/data-plane";
import { releaseName } from "../control-plane/images";
import { slowness } from "../waiting/machine";

/** @throws Error unless its image is a Mix release. */
function releaseNameIn({ spec }: Container): string {
  const name = releaseName(spec.folder);
  if (name) return name;
  throw new Error(`${spec.folder} (image ${spec.image}) isn't a Mix release: it has no releases/<version>/<name>.rel.`);
}

/**
 * The command of the remote shell in a container, as ECS Exec gets it.
 * @throws Error unless its image is a Mix release.
 */
export const remoteShellIn = (container: Container): string => remoteShell(releaseNameIn(container));

/**
 * Evaluates an Elixir expression on the node that runs in a container; its value is printed where it is {@link inspected}.
 * Source: https://hexdocs.pm/mix/Mix.Tasks.Release.html#module-bin-release_name-commands (`rpc`)
 *
 * @param timeoutSeconds after which it is given up, with `code` 137, on a quiet machine. @default 30
 * @throws Error unless the container's image is a Mix release.
 */
export async function rpc(container: Container, expression: string, timeoutSeconds = 30): Promise<ExecResult> {
  return container.exec([`bin/${releaseNameIn(container)}`, "rpc", expression], {
    timeoutSeconds: timeoutSeconds * slowness(),
  });
}

/** An expression that prints the value of another one as IEx does. */
export function inspected(expression: string): string {
  // As a string of its own: Elixir reports a mistake in it with its own line and column.
  const source = JSON.stringify(expression).replaceAll("#{", "\\#{");
  return `${source} |> Code.eval_string() |> elem(0) |> IO.inspect(pretty: true, limit: 100)`;
}
