import path from "node:path";
import { projectRoot } from "../project-root";
import { readTextFile } from "../regular-file";

interface PackageJson {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** This package's own package.json. */
const own = (root: string) => JSON.parse(readTextFile(path.join(root, "package.json"))!) as PackageJson;

/**
 * How a new project's package.json names this package: its version, or the tarball or repository that it was installed from,
 * since only the registry knows versions.
 *
 * @param folder where the package.json will be. @param root where this package is installed.
 */
export function packageSpec(folder: string, root: string = projectRoot): string {
  const modules = path.dirname(root);
  const lock = readTextFile(path.join(modules, ".package-lock.json"));
  const packages = lock === undefined ? {} : (JSON.parse(lock) as { packages?: Record<string, Entry> }).packages;
  const resolved = packages?.["node_modules/elixir-cluster"]?.resolved ?? "";
  if (resolved.startsWith("git")) return resolved;
  if (!resolved.startsWith("file:")) return own(root).version;
  const tarball = path.resolve(path.dirname(modules), resolved.slice("file:".length));
  return `file:${path.relative(folder, tarball).replaceAll(path.sep, "/")}`;
}

interface Entry {
  readonly resolved?: string;
}

/** The exact versions that this package is tested with, of packages that a new project needs. */
export function testedVersions(names: readonly string[], root: string = projectRoot): Record<string, string> {
  const { dependencies, devDependencies } = own(root);
  return Object.fromEntries(names.map((name) => [name, (dependencies[name] ?? devDependencies[name])!]));
}
