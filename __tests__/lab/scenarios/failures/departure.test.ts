import { describeScenario, run } from "../scenario-here";

describeScenario("departure", () => {
  it("costs the tasks that stay no link while the leaver lives on, and many with Node.disconnect/1", async () => {
    const { lines, ok } = await run("departure", { seconds: 6 });
    const line = (way: string, lost: string) =>
      expect.stringMatching(
        new RegExp(
          `^ok: ${way}: ${lost} of 20 links lost between the 5 that stay.*, while the leaver lived on for [\\d.]+ s$`,
        ),
      ) as string;
    expect(lines).toEqual([
      line("at SIGTERM, and draining", "0"),
      line("application stopped, VM not", "0"),
      line("negative test, the same with Node\\.disconnect/1 for each peer", "[1-9]\\d*"),
    ]);
    expect(ok).toBe(true);
  });
});
