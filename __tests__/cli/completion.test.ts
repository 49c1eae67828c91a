import { spawnSync } from "node:child_process";
import { Command, Option } from "commander";
import { bashArguments } from "../bash";
import { completionCommand, completionScript } from "../../src/cli/completion";
import { labCommand } from "../../src/cli/lab";
import { schemaCommand } from "../../src/cli/schema";
import { describeWith } from "../tool-here";

const kind = new Option("--kind <kind>", "a kind").choices(["github", "gitlab"]);
const program = new Command("elixir-cluster")
  .version("1")
  .addCommand(labCommand())
  .addCommand(schemaCommand())
  .addCommand(new Command("own").description("it's a command: of one's own").addOption(kind))
  .addCommand(completionCommand());

describe("completion in bash", () => {
  /** What TAB offers after these words; the last one is being typed. */
  const offered = (...words: string[]) => {
    const line = ["elixir-cluster", ...words].map((word) => `'${word}'`).join(" ");
    const script = [
      completionScript("bash", program),
      `COMP_WORDS=(${line}) COMP_CWORD=${words.length}`,
      "_elixir_cluster",
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ].join("\n");
    const { stdout, stderr } = spawnSync("bash", bashArguments(script), { encoding: "utf8" });
    expect(stderr).toBe("");
    return stdout.trim().split("\n");
  };

  it("offers all commands at first", () => {
    expect(offered("")).toEqual(["lab", "schema", "own", "completion", "help", "--version", "--help"]);
  });

  it("offers the options of a command, also behind its arguments", () => {
    expect(offered("schema", "file.json", "--")).toEqual(["--check", "--yes", "--help"]);
  });

  it("offers the commands below a command, and their options", () => {
    expect(offered("lab", "u")).toEqual(["up"]);
    expect(offered("lab", "up", "--d")).toEqual(["--dir"]);
  });

  it("offers the values of an option and of an argument that has a few", () => {
    expect(offered("own", "--kind", "")).toEqual(["github", "gitlab"]);
    expect(offered("own", "--kind", "gitl")).toEqual(["gitlab"]);
    expect(offered("completion", "")).toEqual(["bash", "zsh", "fish", "--help"]);
  });

  it("offers nothing of its own where a file is expected", () => {
    expect(offered("schema", "environ")).toEqual([""]);
  });
});

describeWith("shellcheck")("the script for bash", () => {
  it("passes shellcheck", () => {
    const options = { input: completionScript("bash", program), encoding: "utf8" } as const;
    expect(spawnSync("shellcheck", ["-s", "bash", "-"], options).stdout).toBe("");
  });
});

describe("the scripts for other shells", () => {
  it("fish: one line a word, with its command and its description quoted", () => {
    const lines = completionScript("fish", program).split("\n");
    expect(lines).toContain(
      "complete -c elixir-cluster -f -n 'not __fish_seen_subcommand_from lab schema own completion help' -a own -d 'it'\\''s a command: of one'\\''s own'",
    );
    expect(lines).toContain(
      "complete -c elixir-cluster -n '__fish_seen_subcommand_from lab; and __fish_seen_subcommand_from up' -l dir -d 'folder of Terraform (repeatable, applied in this order)'",
    );
  });

  it("zsh: leaves PATH alone, and escapes the separator in words only", () => {
    const script = completionScript("zsh", program);
    expect(script).toMatch(/^#compdef elixir-cluster$/m);
    expect(script).not.toMatch(/\bpath\b/);
    expect(script).toContain("'own:it'\\''s a command: of one'\\''s own'");
  });
});
