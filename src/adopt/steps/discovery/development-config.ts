import { type Edit, byHand, edited, present } from "../edit";
import { append, closingBracket, codeOnly, formatterLineLength, lineEnd, lineNumber } from "../../source/elixir-source";

/** Finds libcluster's configuration in {@link codeOnly}'s result. */
export const libclusterConfig = /\bconfig\(?\s*:libcluster\b/;

const noConfiguration = "import Config\n";

const topologies = `config :libcluster,
  topologies: [
    local: [strategy: Cluster.Strategy.LocalEpmd]
  ]
`;

/** Adds the topology for development, all nodes on this machine, to `config/dev.exs`. */
export function addDevelopmentTopology(text = noConfiguration): Edit {
  if (libclusterConfig.test(codeOnly(text))) return present;
  return edited(append(text, `# The nodes on this machine that epmd knows when this one starts.\n${topologies}`));
}

/** The same for `config/config.exs` of a project that has no file for each environment. */
export function addDevelopmentTopologyToAll(text = noConfiguration): Edit {
  if (libclusterConfig.test(codeOnly(text))) return present;
  const block = `if config_env() == :dev do\n${topologies.replace(/^(?=.)/gm, "  ")}end\n`;
  return /^import Config$/m.test(codeOnly(text))
    ? edited(append(text, block))
    : byHand("it doesn't `import Config`", "Add this at its end", block);
}

const portFromEnvironment = 'String.to_integer(System.get_env("PORT") || "4000")';

/**
 * Lets `PORT` choose the port in development, so that two nodes can serve on one machine.
 *
 * @param runtime the text of `config/runtime.exs`, which sets the port for all environments from Phoenix 1.8 on.
 */
export function addDevelopmentPort(text: string | undefined, runtime: string | undefined): Edit {
  const source = text ?? "";
  const code = codeOnly(source);
  const ports = [...code.matchAll(/\bhttp: \[/g)].flatMap((list) => {
    const open = list.index + list[0].length - 1;
    const port = /\bport: (\d+)/.exec(code.slice(open, closingBracket(code, open) + 1));
    return port ? [{ at: open + port.index, port }] : [];
  });
  const [only, ...others] = ports;
  const instead = (why: string) =>
    byHand(why, "Let the endpoint's configuration say", `http: [ip: {127, 0, 0, 1}, port: ${portFromEnvironment}],`);

  if (only === undefined) {
    if ([source, runtime ?? ""].some((file) => file.includes('"PORT"'))) return present;
    return instead("it has no `http: [ … port: 4000 … ]`");
  }
  if (others.length > 0) {
    const lines = ports.map(({ at }) => lineNumber(source, at)).join(" and ");
    return instead(`it has several ports (lines ${lines}), which must differ: give each its own variable`);
  }
  const expression = portFromEnvironment.replace("4000", only.port[1] ?? "4000");
  const result = source.slice(0, only.at) + `port: ${expression}` + source.slice(only.at + only.port[0].length);
  const line = result.slice(result.lastIndexOf("\n", only.at) + 1, lineEnd(result, only.at));
  return line.length > formatterLineLength ? instead("the line would grow too long for the formatter") : edited(result);
}
