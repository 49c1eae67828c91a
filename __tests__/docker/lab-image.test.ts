import { readFileSync } from "node:fs";
import path from "node:path";
import dockerignore from "@balena/dockerignore";
import { advice } from "../../src/advice";
import { projectRoot } from "../../src/project-root";
import { notEmpty } from "../not-empty";
import { instructions, textsOf } from "./lab-image";

const text = (...file: string[]) => readFileSync(path.join(projectRoot, ...file), "utf8");

describe("the lab's Dockerfile", () => {
  it("pins each image that it takes something from by a tag of one version", () => {
    const images = [
      ...textsOf("FROM").map((from) => from.split(" ")[0]!),
      ...textsOf("COPY").flatMap((copy) => /--from=(\S+)/.exec(copy)?.[1] ?? []),
    ];
    expect(images).toHaveLength(2);
    for (const image of notEmpty(images)) expect(image).toMatch(/^[\w/]+:(?!latest).*\d/);
  });

  it("has the Debian of elixir-app's image", () => {
    const [, version] = /^ARG DEBIAN_VERSION=(\S+)$/m.exec(text("elixir-app", "Dockerfile"))!;
    expect(textsOf("FROM")).toEqual([`debian:${version}`]);
  });

  it("installs what the set-up would, without recommended packages, and leaves no lists of apt", () => {
    const [apt, ...others] = textsOf("RUN").filter((run) => run.includes("apt-get"));
    expect(others).toEqual([]);
    expect(apt).toMatch(
      /^apt-get update && .*apt-get install --yes --no-install-recommends .* && rm -rf \/var\/lib\/apt\/lists\/\*$/,
    );
    const installed = apt!.split(" ");
    const needed = [...text("bin", "setup.mjs").matchAll(/packages: \[([^\]]+)\]/g)].flatMap(([, list]) =>
      [...list!.matchAll(/"([^"]+)"/g)].map(([, name]) => name!),
    );
    expect(needed.length).toBeGreaterThan(12);
    expect([...needed, "nodejs", "npm", "python3-venv"].filter((name) => !installed.includes(name))).toEqual([]);
  });

  it("has no secrets, no ADD, no sudo and no download into a shell", () => {
    expect(textsOf("ADD")).toEqual([]);
    expect(textsOf("ARG")).toEqual([]);
    for (const { text: line } of notEmpty(instructions)) {
      expect(line).not.toMatch(/password|secret|token|sudo |\|\s*(ba)?sh\b/i);
    }
  });

  it("says who runs it, where, and what", () => {
    expect(textsOf("USER")).toEqual(["root"]);
    expect(textsOf("WORKDIR")).toEqual(["/work"]);
    expect(textsOf("CMD")).toEqual(['["npm", "run", "demo"]']);
  });

  it("installs packages before it copies the sources", () => {
    const order = instructions.map(({ keyword, text: line }) => `${keyword} ${line}`);
    const [lock, ci, sources] = ["COPY package", "RUN npm ci", "COPY . ."].map((start) =>
      order.findIndex((line) => line.startsWith(start)),
    );
    expect([lock! < ci!, ci! < sources!]).toEqual([true, true]);
  });

  it("leaves out what the machine built, and keeps the sources", () => {
    const ignored = dockerignore().add(text("docker", "lab", "Dockerfile.dockerignore"));
    const left = ["node_modules/zod/index.js", ".git/config", "elixir-app/_build/prod/x", "terraform.prod.tfstate"];
    expect(left.filter((file) => !ignored.ignores(file))).toEqual([]);
    expect(["src/cli.ts", "elixir-app/mix.exs", "package.json"].filter((file) => ignored.ignores(file))).toEqual([]);
  });

  it("is what the development container and all advice build", () => {
    const container = JSON.parse(text(".devcontainer", "devcontainer.json")) as {
      build: { dockerfile: string; context: string };
      runArgs: string[];
    };
    expect(path.join(".devcontainer", container.build.dockerfile)).toBe("docker/lab/Dockerfile");
    expect(container.build.context).toBe("..");
    expect(container.runArgs).toEqual(["--privileged"]);
    const [build, run] = advice.demoInContainer().split(" && ");
    for (const place of [text("docker", "lab", "Dockerfile"), text("docs", "local.md")]) {
      expect(place).toContain(build);
      expect(place).toContain(run);
    }
  });
});
