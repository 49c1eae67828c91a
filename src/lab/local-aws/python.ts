import { existsSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { advice } from "../../advice";
import { installed } from "../../installed";
import { projectRoot } from "../../project-root";

/** The version of moto that the start-up script's patches were written against. */
export const motoRequirement = "moto[server]==5.2.1";

/** Where set-up puts moto when the machine's own Python has none: with the npm package, in the user's folder. */
export const virtualEnvironment = path.join(installed ? process.cwd() : projectRoot, ".cache", "venv");

/**
 * A Python that can run local AWS: the virtual environment that set-up made, else `python3` from the path.
 *
 * @throws Error that names the command to run when neither has moto's server.
 */
export async function pythonWithMoto(): Promise<string> {
  for (const python of [path.join(virtualEnvironment, "bin", "python"), "python3"]) {
    if (path.isAbsolute(python) && !existsSync(python)) continue;
    const { exitCode } = await execa(python, ["-c", "import moto.moto_server.werkzeug_app"], { reject: false });
    if (exitCode === 0) return python;
  }
  throw new Error(
    `Local AWS needs Python with moto's server, and no Python here has it. Install it with:\n` +
      `  ${advice.installMoto(motoRequirement)}`,
  );
}
