import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { packageSpec } from "../../src/init/package-spec";
import { scratchFolder } from "../scratch";

const scratch = scratchFolder("package-spec");

/** Where this package is installed, with what npm wrote of its origin. */
function installed(resolved?: string): string {
  const modules = path.join(scratch, "shop", "node_modules");
  const root = path.join(modules, "elixir-cluster");
  mkdirSync(root, { recursive: true });
  writeFileSync(path.join(root, "package.json"), JSON.stringify({ version: "1.2.3" }));
  const packages = { "node_modules/elixir-cluster": { resolved } };
  writeFileSync(path.join(modules, ".package-lock.json"), JSON.stringify({ packages }));
  return root;
}

describe("the package in a new project's package.json", () => {
  const folder = path.join(scratch, "shop", "infrastructure");
  it.each([
    ["the registry", "https://registry.npmjs.org/elixir-cluster/-/elixir-cluster-1.2.3.tgz", "1.2.3"],
    ["a tarball", "file:../elixir-cluster-1.2.3.tgz", "file:../../elixir-cluster-1.2.3.tgz"],
    ["a tarball in the project", "file:elixir-cluster-1.2.3.tgz", "file:../elixir-cluster-1.2.3.tgz"],
    [
      "git",
      "git+ssh://git@github.com/acme/elixir-cluster.git#abc",
      "git+ssh://git@github.com/acme/elixir-cluster.git#abc",
    ],
    ["an unknown place", undefined, "1.2.3"],
  ])("from %s", (_origin, resolved, spec) => expect(packageSpec(folder, installed(resolved))).toBe(spec));
});
