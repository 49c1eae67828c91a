import { interruptible } from "../../src/cli/interruption";

/** What a command printed to standard error, and its exit code. */
async function run(action: (signal: AbortSignal) => Promise<boolean>) {
  const lines: string[] = [];
  const spy = jest.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  const before = process.listeners("SIGINT");
  try {
    await interruptible(action);
    return { code: process.exitCode, err: lines.join("") };
  } finally {
    process.exitCode = 0;
    spy.mockRestore();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      for (const listener of process.listeners(signal)) if (!before.includes(listener)) process.off(signal, listener);
    }
  }
}

const interrupted = (signal: AbortSignal) =>
  new Promise<boolean>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")));
    process.emit("SIGINT");
  });

describe("a command that can be interrupted", () => {
  it.each([
    [true, 0],
    [false, 1],
  ])("that gives %s exits with %i", async (result, code) => {
    expect(await run(() => Promise.resolve(result))).toEqual({ code, err: "" });
  });

  it("prints why it failed, and exits with 1", async () => {
    expect(await run(() => Promise.reject(new Error("no Terraform")))).toEqual({ code: 1, err: "no Terraform\n" });
  });

  it("ends what it started after Ctrl-C, and exits with 130", async () => {
    expect(await run(interrupted)).toEqual({
      code: 130,
      err:
        "Interrupted: stopping everything that this run started. Another Ctrl-C doesn't skip the clean-up.\n" +
        "Interrupted: everything that this run started has stopped.\n",
    });
  });

  it("exits with 130 even when the interrupted command ends without an error", async () => {
    const { code } = await run((signal) => interrupted(signal).catch(() => true));
    expect(code).toBe(130);
  });
});
