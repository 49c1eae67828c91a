import { execa } from "execa";
import { motoRequirement, pythonWithMoto } from "../../src/lab/local-aws/python";
import type { Container } from "./container";

/** Prints the folder of Debian's Python in which packages that aren't Debian's belong. */
const ownPackages = "import site; print(next(folder for folder in site.getsitepackages() if '/local/' in folder))";

/** Copies the files of installed packages: `python -c … FOLDER PACKAGE…`. */
const copyPackages = `
import importlib.metadata, os, shutil, sys
for name in sys.argv[2:]:
    for file in importlib.metadata.distribution(name).files:
        if ".." in file.parts or "__pycache__" in file.parts:
            continue
        target = os.path.join(sys.argv[1], file)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(file.locate(), target)
`;

/** Whether the set-up's own way, pip, finds moto in the container. */
async function pipFindsMoto(container: Container): Promise<boolean> {
  const download = `/tmp/pip/bin/pip download --no-deps --retries 0 --dest /tmp/pip '${motoRequirement}'`;
  try {
    await container.run(`python3 -m venv /tmp/pip && ${download}`);
    return true;
  } catch {
    return false;
  } finally {
    await container.run("rm -rf /tmp/pip");
  }
}

/**
 * Where pip can't reach PyPI: gives the container's Python this machine's moto, on Debian's builds of what moto needs.
 *
 * @returns whether it did
 */
export async function giveMoto(container: Container): Promise<boolean> {
  if (await pipFindsMoto(container)) return false;
  const debian = "python3-moto python3-flask-cors";
  await container.run(
    `apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${debian}`,
  );
  const folder = container.inside((await container.run(`python3 -c "${ownPackages}"`)).trim());
  // Python code alone, in the versions that this moto was installed with.
  const packages = ["moto", "boto3", "botocore", "s3transfer", "responses", "py-partiql-parser"];
  await execa(await pythonWithMoto(), ["-c", copyPackages, folder, ...packages]);
  return true;
}
