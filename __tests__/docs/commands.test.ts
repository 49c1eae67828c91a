import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { commands, packageCommands } from "../../src/cli/commands";
import { labUpCommand } from "../../src/cli/lab-up";
import { projectRoot } from "../../src/project-root";
import { runCommand } from "../operations/command";
import { notEmpty } from "../not-empty";

const text = (...file: string[]) => readFileSync(path.join(projectRoot, ...file), "utf8");
const inDocs = readdirSync(path.join(projectRoot, "docs"), { recursive: true, encoding: "utf8" });
const pages = ["README.md", ...inDocs.filter((file) => file.endsWith(".md")).map((file) => path.join("docs", file))];
/** Pages that list commands have nothing else about most of them. */
const others = pages.filter((page) => page !== "README.md" && page !== path.join("docs", "package.md"));
const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> };

describe.each(Object.entries(commands).filter(([name]) => !packageCommands.includes(name)))("%s", (name, command) => {
  it("shows an example in its help", async () => {
    const { out, code } = await runCommand(command(), "--help");
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Examples:\\n  npm run ${name}\\b`, "m"));
  });

  it("is in the help file, in package.md's table, and on another page", () => {
    expect(text("help")).toMatch(new RegExp(`^npm run ${name}\\b`, "m"));
    expect(text("docs", "package.md")).toMatch(new RegExp(`^\\| \`npm run ${name}\\b`, "m"));
    expect(others.filter((page) => text(page).includes(`npm run ${name}`))).not.toEqual([]);
  });
});

describe.each(packageCommands)("%s", (name) => {
  it("shows an example in its help, and is on a page and in the help file", async () => {
    const { out } = await runCommand(commands[name]!(), "--help");
    expect(out).toMatch(new RegExp(`^Examples:\\n  npx elixir-cluster ${name}\\b`, "m"));
    expect(text("docs", "package.md")).toContain(`npx elixir-cluster ${name}`);
    expect(text("help")).toMatch(new RegExp(`^npx elixir-cluster ${name}\\b`, "m"));
  });
});

describe.each(["console", "doctor", "logs", "rollback", "secrets", "status", "task", "unstick"] as const)(
  "%s",
  (name) => {
    it("has a page with each of its options", () => {
      const page = text("docs", name === "task" ? "tasks.md" : `${name}.md`);
      for (const { long } of notEmpty(commands[name]!().options)) expect(page).toContain(`\`${long}`);
    });
  },
);

describe("help", () => {
  it.each(Object.entries(commands))("of %s shows no default that isn't a value", async (_name, command) => {
    expect((await runCommand(command(), "--help")).out).not.toMatch(/default:\s+(\[\]|\{\}|null|"")/);
  });
});

describe("lab up", () => {
  it("shows an example in its help", async () => {
    expect((await runCommand(labUpCommand(), "--help")).out).toMatch(/^Example:\n {2}npm run lab -- up --dir/m);
  });
});

describe("pages", () => {
  it("names no script that isn't there", () => {
    const named = [...pages.map((page) => text(page)), text("help")].flatMap((page) =>
      [...page.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, script]) => script!),
    );
    expect([...new Set(named)].filter((script) => !(script in scripts))).toEqual([]);
  });

  it("are all in the index", () => {
    const index = text("docs", "README.md");
    const own = readdirSync(path.join(projectRoot, "docs")).filter((file) => /^[^R].*\.md$/.test(file));
    expect(own.filter((file) => !index.includes(`](${file})`))).toEqual([]);
  });
});
