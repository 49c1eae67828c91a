import { readFileSync } from "node:fs";
import path from "node:path";
import { defaultDnsTtl, defaultNetTicktime, defaultPollingIntervalMs } from "../../src/distribution";
import { modelBounds } from "../../src/lab/history/bounds";
import { invariants } from "../../src/lab/history/invariants";
import { projectRoot } from "../../src/project-root";

const page = readFileSync(path.join(projectRoot, "docs", "model.md"), "utf8");

/** Cells of the table below a heading, without its header. */
function rowsBelow(heading: string): string[][] {
  const lines = page.split(`## ${heading}\n`)[1]!.split("\n## ")[0]!.split("\n");
  return lines
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe("docs/model.md", () => {
  it("names each invariant, in the order and the words of the checker", () => {
    expect(rowsBelow("Invariants")).toEqual(invariants.map(({ name, says }) => [`\`${name}\``, says]));
  });

  it("gives the bounds that the checker has with the defaults", () => {
    // GIVEN this project's defaults, and no cached NXDOMAIN
    const { cleanLeave, notice, join, heal } = modelBounds({
      netTicktime: defaultNetTicktime.ours,
      pollingIntervalMs: defaultPollingIntervalMs.ours,
      dnsTtl: defaultDnsTtl,
      negativeTtl: 0,
      clusters: [],
      apart: [],
    });
    // THEN the page has the same seconds
    expect(rowsBelow("Bounds").map(([name, , seconds]) => [name, Number(seconds)])).toEqual([
      ["clean leave", cleanLeave],
      ["notice", notice],
      ["join", join],
      ["heal", heal],
    ]);
  });
});
