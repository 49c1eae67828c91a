import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../src/project-root";
import { describeScenario } from "../lab/scenarios/scenario-here";
import { scratchFolder } from "../scratch";

describeScenario("npm run demo", () => {
  const folder = scratchFolder("demo");

  it("proves everything, as its user runs it, and leaves its two pages", async () => {
    // WHEN
    const pages = { review: path.join(folder, "review.html"), timeline: path.join(folder, "timeline.html") };
    const { all, exitCode } = await execa(
      "npm",
      ["run", "demo", "--", "--html", pages.review, "--timeline", pages.timeline],
      { cwd: projectRoot, env: { TMPDIR: folder }, reject: false, stdin: "ignore", all: true },
    );
    // THEN
    const proved = all.split("What is proved\n\n")[1] ?? all;
    expect(proved.split("\n\n")[0]!.split("\n")).toEqual([
      expect.stringMatching(/^ok +applied, and the second plan is empty$/),
      expect.stringMatching(/^ok +0 errors in the review of the plan/),
      expect.stringMatching(
        /^ok +5 nodes in full mesh [\d.]+ s after the lab's start; 20 of 20 remote calls answered$/,
      ),
      expect.stringMatching(/^ok +another cookie in myapp2 alone: no link in [\d.]+ s, 2 among its own nodes$/),
      expect.stringMatching(
        /^ok +without the rules for epmd: no link in [\d.]+ s, [1-9]\d* packets to port 4369 denied/,
      ),
    ]);
    expect(exitCode).toBe(0);
    expect(readFileSync(pages.review, "utf8")).toContain("<svg");
    expect(readFileSync(pages.timeline, "utf8")).toContain("another cookie in myapp2 alone");
    expect(readdirSync(folder).sort()).toEqual(["review.html", "timeline.html"]);
  });
});
