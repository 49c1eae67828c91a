import { database, findings, type Seen } from "../../../../src/lab/scenarios/deployments/database";
import { runScenarios } from "../../../../src/lab/scenarios/run";

/** What a run shows where everything is right. */
const right: Seen = {
  migrated: [3, 3],
  versions: ["1", "1 2", "1 2"],
  columns: "at id node",
  writers: 3,
  failedTasks: 3,
  failedTasksWithNode: 0,
  rollbackMs: 5800,
  sameTasks: true,
  shown: true,
  deniedAtEgress: true,
  losses: 0,
};
const failed = (seen: Seen) => findings(seen).flatMap(({ ok }, index) => (ok ? [] : [index]));

describe("the scenario with a database", () => {
  it("is right when everything is", () => {
    expect(failed(right)).toEqual([]);
  });

  it.each<[Partial<Seen>, number]>([
    [{ migrated: [2, 3] }, 0],
    [{ versions: ["", "1 2", "1 2"] }, 0],
    [{ migrated: [3, 2] }, 1],
    [{ versions: ["1", "1", "1 2"] }, 1],
    [{ writers: 2 }, 2],
    [{ failedTasks: 2 }, 3],
    [{ failedTasksWithNode: 1 }, 3],
    [{ shown: false }, 3],
    [{ deniedAtEgress: false }, 3],
    [{ sameTasks: false }, 4],
    [{ versions: ["1", "1 2", "1 2 3"] }, 4],
    [{ columns: "at id node note" }, 4],
    [{ losses: 1 }, 4],
  ])("fails with %j", (change, finding) => {
    expect(failed({ ...right, ...change })).toEqual([finding]);
  });

  it("is skipped in a visible line without PostgreSQL, and proves nothing then", async () => {
    const printed: string[] = [];
    const missing = () => "A database in the lab needs PostgreSQL's server.";
    const print = (text: { toString(): string }) => void printed.push(text.toString());
    expect(await runScenarios([{ ...database, missing }], { print })).toBe(false);
    expect(printed.join("")).toBe("SKIPPED database: A database in the lab needs PostgreSQL's server.\n");
  });
});
