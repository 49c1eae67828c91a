import path from "node:path";
import { type Edit, type Step, byHand, edited, present } from "./edit";
import { codeOnly, insertAt, onlyMatch, withoutComments } from "../source/elixir-source";
import type { MixProject } from "../source/mix-project";

/**
 * The answer comes before any plug: `use Phoenix.Endpoint` puts `force_ssl` first of all, and a redirect to https fails
 * the check of the task, which asks over HTTP.
 */
const answer = `
  # The health checks of ECS and of a load balancer ask over HTTP: before force_ssl redirects to https.
  def call(%Plug.Conn{request_path: "/health"} = conn, _options) do
    conn |> Plug.Conn.send_resp(200, "ok\\n") |> Plug.Conn.halt()
  end

  def call(conn, options), do: super(conn, options)
`;

/** ECS replaces a task that doesn't answer its health check, so an application without an answer never stays up. */
export function healthCheck(project: MixProject): Step[] {
  const what = "an answer to the health check, GET /health";
  const endpoints = sourcesThat(project, (text) => /\buse Phoenix\.Endpoint\b/.test(codeOnly(text)));
  const answering = sourcesThat(project, answers);
  if (answering[0] !== undefined) return [{ what, file: answering[0], edit: () => present }];

  const [endpoint, ...others] = endpoints;
  if (endpoint !== undefined) {
    const edit =
      others.length === 0
        ? (text: string | undefined) => answerFirst(text ?? "")
        : () => byHand(`there are others: ${others.join(", ")}`, "Add this to the one that serves httpPort", block);
    return [{ what, file: endpoint, edit }];
  }
  const { callbackFile, folder } = project.application;
  const file = callbackFile ?? path.posix.join(folder, "mix.exs");
  return servesHttp(project) ? [{ what, file, edit: withoutEndpoint }] : [];
}

/** Whether anything in the project could answer: what serves no HTTP says so by `"healthCheck": false`. */
export function servesHttp({ applications }: MixProject): boolean {
  return applications.some(({ mixFile }) =>
    /\{:(phoenix|bandit|plug_cowboy|cowboy|ace|elli)\b/.test(codeOnly(mixFile)),
  );
}

const block = answer.slice(1);

function answers(text: string): boolean {
  return /"\/health\/?"|\["health"\]/.test(withoutComments(text));
}

function answerFirst(text: string): Edit {
  const code = codeOnly(text);
  const instead = (why: string) => byHand(why, "Add this to the module", block);
  if (/\bdef call\b/.test(code)) return instead("it has a function `call` of its own");
  const moduleEnd = onlyMatch(code, /^end\s*$/m);
  if (!moduleEnd || !onlyMatch(code, /^defmodule /m)) return instead("it doesn't contain exactly one module");
  return edited(insertAt(text, moduleEnd.index, answer));
}

function withoutEndpoint(): Edit {
  return byHand(
    "the project has no Phoenix endpoint, and nothing in lib/ mentions /health",
    `Answer GET /health where you serve HTTP, or let environments.json say "healthCheck": { "path": … }, or false where this service has no HTTP. A plug that answers`,
    `plug :health\n\ndefp health(%{request_path: "/health"} = conn, _options) do\n  conn |> Plug.Conn.send_resp(200, "ok\\n") |> Plug.Conn.halt()\nend\n\ndefp health(conn, _options), do: conn\n`,
  );
}

function sourcesThat({ tree, applications }: MixProject, is: (text: string) => boolean): string[] {
  return applications.flatMap(({ sources }) => sources).filter((file) => is(tree.read(file) ?? ""));
}
