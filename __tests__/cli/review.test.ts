import { execa } from "execa";
import path from "node:path";
import { reviewCommand } from "../../src/cli/review";
import { runReview } from "../../src/review/run";
import { planText } from "../review/fixtures";

// Everything else here runs the command in a process of its own.
jest.mock("../../src/review/run", () => ({ runReview: jest.fn() }));

const root = path.join(__dirname, "../..");

/** Runs the command as a pipeline does. */
async function review(input: string, ...options: string[]) {
  const run = await execa("node", ["bin/run.mjs", "src/cli.ts", "review", ...options], {
    cwd: root,
    input,
    reject: false,
    env: { NO_COLOR: undefined },
  });
  return { code: run.exitCode, out: run.stdout, err: run.stderr };
}

describe("review", () => {
  it("reads a plan from stdin, in plain words where nobody looks at it", async () => {
    const { code, out, err } = await review(planText("modules"), "-");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^stdin \(plan of Terraform 1\.[\d.]+\)\n3 services; /);
    expect(out).not.toMatch(/\u001b/);
  });

  it("ends with 1 for findings at or above --fail-on", async () => {
    expect((await review(planText("modules"), "-", "--fail-on", "note")).code).toBe(1);
  });

  it.each([
    ["invalid JSON", "{", ["-"], "stdin can't be read as JSON. It ends too early"],
    ["an option it doesn't know", "", ["--fail-on", "everything"], "Allowed choices are error, warning, note, never."],
    ["two formats at once", "", ["-", "--json", "--sarif"], "cannot be used with"],
    [
      "a damaged plan",
      '{"format_version":"1.2","resource_changes":[],"variables":{"a":null}}',
      ["-"],
      "This plan's variables.a isn't what Terraform writes there: an object.",
    ],
  ])("ends with 2 for %s", async (_, input, options, message) => {
    const { code, out, err } = await review(input, ...options);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
  });

  // A failure of the review itself must not look like findings.
  it("ends with 2 for a fault of its own", async () => {
    jest.mocked(runReview).mockRejectedValue(new TypeError("x is not a function"));
    const written = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const before = process.exitCode;
    try {
      await reviewCommand().parseAsync(["-"], { from: "user" });
      expect(process.exitCode).toBe(2);
    } finally {
      process.exitCode = before;
    }
    expect(written.mock.calls.join("")).toBe("error: the review failed: x is not a function (DEBUG=1 shows where)\n");
  });

  it("ends with 0 for its help, which tells the exit codes", async () => {
    const { code, out } = await review("", "--help");
    expect(code).toBe(0);
    expect(out).toContain("Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the input can't be reviewed.");
  });
});
