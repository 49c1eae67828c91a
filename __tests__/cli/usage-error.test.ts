import { execa } from "execa";
import { projectRoot } from "../../src/project-root";

/** What the command line prints to standard error, and its exit code. */
async function run(...args: string[]): Promise<[string, number | undefined]> {
  const { stderr, exitCode } = await execa("node", ["bin/run.mjs", "src/cli.ts", ...args], {
    cwd: projectRoot,
    reject: false,
  });
  return [stderr, exitCode];
}

it.each([
  ["a command that is spelled like another", ["doctr"], "error: unknown command 'doctr'. Did you mean doctor?"],
  [
    "an option that is spelled like another",
    ["doctor", "prod", "--nods"],
    "error: unknown option '--nods'. Did you mean --nodes?",
  ],
  ["an unknown option", ["--foo"], "error: unknown option '--foo'. See npx elixir-cluster --help"],
  ["a missing argument", ["doctor"], "error: missing required argument 'environment'. See npm run doctor -- --help"],
  [
    "a missing option of a command below another",
    ["lab", "up"],
    "error: required option '--dir <folder>' not specified. See npm run lab -- up --help",
  ],
  [
    "an unknown option of a command without a script",
    ["init", "--xyz"],
    "error: unknown option '--xyz'. See npx elixir-cluster init --help",
  ],
])("%s is one line with what to do", async (_, args, line) => {
  expect(await run(...args)).toEqual([line, 1]);
});

it("a command that is like no other is one line with all commands", async () => {
  expect(await run("xyzzy")).toEqual([
    expect.stringMatching(/^error: unknown command 'xyzzy'\. The commands are init, synth, .*, completion\.$/),
    1,
  ]);
});
