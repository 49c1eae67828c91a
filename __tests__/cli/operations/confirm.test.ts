import { PassThrough } from "node:stream";
import { confirm } from "../../../src/cli/operations/confirm";
import { UserError } from "../../../src/user-error";

/** A terminal on which somebody types. */
function terminal(typed?: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  let shown = "";
  output.on("data", (chunk: Buffer) => (shown += chunk.toString()));
  if (typed === undefined) input.end();
  else input.write(typed);
  return { input, output, shown: () => shown };
}

describe("a command that writes", () => {
  it.each([
    ["y\n", true],
    ["YES\n", true],
    ["\n", false],
    ["n\n", false],
    ["yellow\n", false],
    [undefined, false],
  ])("takes %j for %s", async (typed, answer) => {
    const { shown, ...at } = terminal(typed);
    expect(await confirm("Write 2 files?", {}, at)).toBe(answer);
    expect(shown()).toContain("Write 2 files? [y/N] ");
  });

  it("doesn't ask with --yes", async () => {
    const { shown, ...at } = terminal(undefined, false);
    expect(await confirm("Write 2 files?", { yes: true }, at)).toBe(true);
    expect(shown()).toBe("");
  });

  it("refuses where there is no terminal, and names the way without writing", async () => {
    const { shown, ...at } = terminal("y\n", false);
    const asked = confirm("Write 2 files?", { otherwise: "--check only reports" }, at);
    await expect(asked).rejects.toThrow(UserError);
    await expect(asked).rejects.toThrow(
      "Nothing was written: there is no terminal to ask on. Add --yes to write what is listed above; --check only reports.",
    );
    expect(shown()).toBe("");
  });
});
