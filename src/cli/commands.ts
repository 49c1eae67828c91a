import type { Command } from "commander";
import { adoptCommand } from "./adopt";
import { completionCommand } from "./completion";
import { consoleCommand } from "./console";
import { demoCommand } from "./demo";
import { doctorCommand } from "./doctor";
import { initCommand } from "./init";
import { labCommand } from "./lab";
import { logsCommand } from "./logs";
import { reviewCommand } from "./review";
import { rollbackCommand } from "./rollback";
import { schemaCommand } from "./schema";
import { secretsCommand } from "./secrets";
import { statusCommand } from "./status";
import { synthCommand } from "./synth";
import { taskCommand } from "./task";
import { unstickCommand } from "./unstick";

/** Every command of `elixir-cluster` by its name, in the order of the help. */
export const commands: Readonly<Record<string, () => Command>> = {
  init: initCommand,
  synth: synthCommand,
  demo: demoCommand,
  schema: schemaCommand,
  review: reviewCommand,
  lab: labCommand,
  adopt: adoptCommand,
  secrets: secretsCommand,
  console: consoleCommand,
  task: taskCommand,
  doctor: doctorCommand,
  status: statusCommand,
  logs: logsCommand,
  rollback: rollbackCommand,
  unstick: unstickCommand,
  completion: completionCommand,
};

/** The commands without a script in package.json: only the npm package has a use for them. */
export const packageCommands: readonly string[] = ["init", "completion"];
