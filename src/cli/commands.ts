import type { Command } from "commander";
import { adoptCommand } from "./adopt";
import { completionCommand } from "./completion";
import { consoleCommand } from "./operations/console";
import { demoCommand } from "./demo";
import { doctorCommand } from "./operations/doctor";
import { initCommand } from "./init/init";
import { labCommand } from "./lab";
import { logsCommand } from "./operations/logs";
import { moduleCommand } from "./module";
import { reviewCommand } from "./review";
import { rollbackCommand } from "./operations/rollback";
import { schemaCommand } from "./schema";
import { secretsCommand } from "./operations/secrets";
import { statusCommand } from "./operations/status";
import { synthCommand } from "./synth";
import { taskCommand } from "./operations/task";
import { unstickCommand } from "./operations/unstick";

/** Every command of `elixir-cluster` by its name, in the order of the help. */
export const commands: Readonly<Record<string, () => Command>> = {
  init: initCommand,
  synth: synthCommand,
  module: moduleCommand,
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
