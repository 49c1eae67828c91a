import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../src/project-root";
import packageJson from "../../package.json";

/** Packs this project as its maintainers do. @returns the tarball, and the paths in it. */
export async function pack(folder: string): Promise<{ readonly tarball: string; readonly files: readonly string[] }> {
  const { stdout } = await execa("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: projectRoot,
    stdin: "ignore",
  });
  const packed = JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as unknown;
  // npm 11 gives an object by name, older ones a list.
  const [{ filename, files }] = Object.values(packed as object) as [
    { readonly filename: string; readonly files: readonly { readonly path: string }[] },
  ];
  return { tarball: path.join(folder, filename), files: files.map((file) => file.path) };
}

/** What a project of a consumer has next to the package. */
const ordinary = ["@types/node", "ts-node", "tsx", "typescript"];

/**
 * Installs the tarball into `folder` as `npm install` would, without a registry: the package unpacked, and next to it, as
 * links into this project's own folder, the packages that it declares and those of an ordinary project. What it doesn't
 * declare it can't import.
 */
export async function install(tarball: string, folder: string): Promise<void> {
  const modules = path.join(folder, "node_modules");
  const own = path.join(modules, packageJson.name);
  mkdirSync(own, { recursive: true });
  await execa("tar", ["xzf", tarball, "-C", own, "--strip-components=1"]);
  const declared = [packageJson.dependencies, packageJson.peerDependencies].flatMap((list) => Object.keys(list));
  for (const name of [...declared, ...ordinary]) {
    const link = path.join(modules, name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(projectRoot, "node_modules", name), link);
  }
  const programs = {
    "elixir-cluster": packageJson.bin["elixir-cluster"],
    "ts-node": "dist/bin.js",
    tsx: "dist/cli.mjs",
  };
  mkdirSync(path.join(modules, ".bin"));
  for (const [name, file] of Object.entries(programs)) {
    const program = path.join(modules, name, file);
    if (!existsSync(program)) throw new Error(`${program} doesn't exist`);
    if (name === packageJson.name) chmodSync(program, 0o755);
    symlinkSync(path.relative(path.join(modules, ".bin"), program), path.join(modules, ".bin", name));
  }
}

/** Runs a command in a consumer's folder, as a person there would: no variable of this project's own npm is passed on. */
export async function at(folder: string, command: string, ...args: string[]) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  return execa(command, args, {
    cwd: folder,
    reject: false,
    stdin: "ignore",
    extendEnv: false,
    env: { ...env, TMPDIR: folder },
  });
}

/** Writes files below a folder: text as it is, anything else as JSON. */
export function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files))
    writeFileSync(path.join(folder, name), typeof content === "string" ? content : JSON.stringify(content, null, 2));
}
