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
      expect.stringMatching(
        /^ok +with another cookie: no cluster, no packet denied, [1-9]\d* handshakes refused by Erlang$/,
      ),
      expect.stringMatching(
        /^ok +without the rule for 4369: no cluster, [1-9]\d* packets to 4369 denied by the receiver's groups$/,
      ),
    ]);
    expect(exitCode).toBe(0);
    expect(readFileSync(pages.review, "utf8")).toContain("<svg");
    expect(readFileSync(pages.timeline, "utf8")).toContain("with another cookie");
    expect(readdirSync(folder).sort()).toEqual(["review.html", "timeline.html"]);
  });
});
