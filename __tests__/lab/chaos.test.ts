import type { Faults } from "../../src/lab/data-plane/data-plane";
import { fakeTimeLibrary, fakeTimeVariables, stepClock } from "../../src/lab/scenarios/chaos/clock-steps";
import { FaultsAtOnce } from "../../src/lab/scenarios/chaos/faults-at-once";
import { inWords, type PlannedFault, planOf } from "../../src/lab/scenarios/chaos/planned-fault";
import { shrink } from "../../src/lab/scenarios/chaos/shrink";
import { Chance } from "../../src/lab/scenarios/steps/chance";
import { scratchFolder } from "../scratch";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

function firstOf(seed: number, count: number): PlannedFault[] {
  const faults: PlannedFault[] = [];
  for (const fault of planOf(new Chance(seed), 16)) {
    faults.push(fault);
    if (faults.length === count) break;
  }
  return faults;
}

describe("planOf", () => {
  it("gives the same plan for the same seed, and another one for another", () => {
    expect(firstOf(7, 50)).toEqual(firstOf(7, 50));
    expect(firstOf(7, 50)).not.toEqual(firstOf(8, 50));
  });

  it("draws every kind of fault, at most three at once, within its times", () => {
    const plan = firstOf(1, 600);
    expect(new Set(plan.map(({ kind }) => kind))).toEqual(
      new Set([
        ...["kill", "cut-task", "cut-link", "freeze", "loss", "delay", "dns-silent", "dns-lie", "deployment"],
        ...["slow-leave", "drain", "spot", "clock-step"],
      ]),
    );
    const lies = plan.flatMap((fault) => (fault.kind === "dns-lie" ? fault.lie : []));
    expect(new Set(lies)).toEqual(new Set(["empty", "stale", "foreign", "many"]));
    const rounds = new Map<number, number>();
    for (const { round } of plan) rounds.set(round, (rounds.get(round) ?? 0) + 1);
    expect(Math.max(...rounds.values())).toBe(3);
    expect(plan.every(({ lasts, after }) => lasts >= 1 && lasts <= 16 && after >= 0 && after <= 6)).toBe(true);
    expect(plan.map(({ number }) => number)).toEqual(plan.map((_, index) => index + 1));
    expect(new Set(plan.map((fault) => inWords(fault).replace(/\d+/g, "")))).not.toContain("undefined");
  });
});

describe("shrink", () => {
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1);

  it.each([
    [[17], "one fault"],
    [[3, 31], "two that have to be together"],
    [[5, 6, 39], "three"],
  ])("finds the faults %j that make a plan fail: %s", async (guilty) => {
    // GIVEN a plan of 40 that fails as long as these are in it
    const fails = async (plan: readonly number[]) => guilty.every((each) => plan.includes(each));
    // WHEN it is shrunk
    const shrunk = await shrink(numbers, fails);
    // THEN these are left
    expect(shrunk).toMatchObject({ items: guilty, isMinimal: true });
    expect(shrunk.attempts).toBeLessThan(100);
  });

  it("tries the end of a long plan first, in which the newest faults are", async () => {
    const sizes: number[] = [];
    const fails = async (plan: readonly number[]) => {
      sizes.push(plan.length);
      return plan.includes(38);
    };
    const { items } = await shrink(numbers, fails);
    expect(items).toEqual([38]);
    // The last one, two and four, then a half of these.
    expect(sizes.slice(0, 4)).toEqual([1, 2, 4, 2]);
    expect(Math.max(...sizes)).toBe(4);
  });

  it("gives the shortest that failed where a failure comes and goes", async () => {
    let tries = 0;
    const fails = async (plan: readonly number[]) => plan.includes(17) && (tries += 1) % 3 !== 0;
    const { items } = await shrink(numbers, fails);
    expect(items).toContain(17);
    expect(items.length).toBeLessThan(40);
  });

  it("ends with what it has when its time is over", async () => {
    let left = 3;
    const shrunk = await shrink(
      numbers,
      async (plan) => plan.includes(17),
      () => (left -= 1) >= 0,
    );
    expect(shrunk).toMatchObject({ isMinimal: false, attempts: 3 });
    expect(shrunk.items).toContain(17);
  });
});

describe("FaultsAtOnce", () => {
  it("applies overlapping faults together, and ends each by itself", async () => {
    // GIVEN
    const applied: Faults[] = [];
    const faults = new FaultsAtOnce({ applyFaults: async (all) => void applied.push(all) });
    // WHEN two begin, one ends, and the rest is healed
    const end = await faults.begin({ cutTasks: ["10.0.0.1"] });
    await faults.begin({ dnsSilent: true });
    await end();
    await faults.heal();
    // THEN
    expect(applied.map(({ cutTasks = [], dnsSilent = false }) => [cutTasks, dnsSilent])).toEqual([
      [["10.0.0.1"], false],
      [["10.0.0.1"], true],
      [[], true],
      [[], false],
    ]);
  });
});

describe("clock steps", () => {
  it("finds the library of Debian's package, where there is one", () => {
    const root = scratchFolder("library");
    expect(fakeTimeLibrary(root)).toBeUndefined();
    const file = path.join(root, "x86_64-linux-gnu", "faketime", "libfaketimeMT.so.1");
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, "");
    expect(fakeTimeLibrary(root)).toBe(file);
    expect(fakeTimeVariables(file)).toMatchObject({ LD_PRELOAD: file, FAKETIME_DONT_FAKE_MONOTONIC: "1" });
  });

  it("writes the offset with its sign, and reports a container that can't", async () => {
    const commands: (readonly string[])[] = [];
    const container = (code: number) =>
      ({
        exec: async (command: readonly string[]) => {
          commands.push(command);
          return { stdout: "", stderr: "read-only\n", code };
        },
      }) as unknown as Parameters<typeof stepClock>[0];
    await stepClock(container(0), 60);
    await stepClock(container(0), -86_400);
    expect(commands.map((command) => command.at(-1))).toEqual(["+60", "-86400"]);
    await expect(stepClock(container(1), 60)).rejects.toThrow("The clock can't be stepped: read-only");
  });
});
