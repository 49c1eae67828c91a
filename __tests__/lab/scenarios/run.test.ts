import { runScenarios } from "../../../src/lab/scenarios/run";
import type { NodeScenario, Scenario, ScenarioOptions } from "../../../src/lab/scenarios/scenario";

jest.mock("../../../src/lab/data-plane/sandbox/requirements", () => ({ sandboxSupport: () => ({ way: "here" }) }));
jest.mock("../../../src/lab/local-aws/terraform/terraform", () => ({ hasTerraform: () => Promise.resolve(true) }));
jest.mock("../../../src/lab/scenarios", () => ({
  runScenario: (scenario: NodeScenario, options: ScenarioOptions) => scenario.run(undefined as never, options),
}));

/** Scenarios that wait until a test ends them, in which order they started, and how many ran at once at most. */
function heldScenarios(...all: (string | [name: string, seconds: number])[]) {
  const ends = new Map<string, (ok: boolean) => void>();
  const started: string[] = [];
  const scenarios = all.map<Scenario>((each) => {
    const [name, seconds] = typeof each === "string" ? [each, 1] : each;
    return {
      name,
      seconds,
      proves: `${name} holds`,
      run: async (_stage, { say }) => {
        started.push(name);
        say?.("starts");
        const ok = await new Promise<boolean>((resolve) => ends.set(name, resolve));
        return { ok, figure: `figure of ${name}`, measurements: {}, lines: [] };
      },
    };
  });
  return { scenarios, started, end: (name: string, ok = true) => ends.get(name)!(ok) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** What was printed, without colours. */
function printer() {
  const printed: string[] = [];
  return { print: (text: unknown) => void printed.push(String(text).replace(/\x1b\[\d+m/g, "")), printed };
}

describe("scenarios", () => {
  it("run one after another", async () => {
    const { scenarios, started, end } = heldScenarios("forms", "ports");
    const { print, printed } = printer();
    const all = runScenarios(scenarios, { print });
    await settle();
    expect(started).toEqual(["forms"]);
    end("forms");
    await settle();
    expect(started).toEqual(["forms", "ports"]);
    end("ports");
    expect(await all).toBe(true);
    expect(printed.slice(0, 3)).toEqual([
      "forms: forms holds\n",
      "    starts\n",
      expect.stringMatching(/^ {2}proved: figure of forms \(\d/),
    ]);
  });

  it("run at the same time, as many as asked for, with their names on each line and one summary in order", async () => {
    const { scenarios, started, end } = heldScenarios("forms", "ports", "scale");
    const { print, printed } = printer();
    const all = runScenarios(scenarios, { print, parallel: 2 });
    await settle();
    expect(started).toEqual(["forms", "ports"]);
    end("ports", false);
    await settle();
    expect(started).toEqual(["forms", "ports", "scale"]);
    end("scale");
    end("forms");
    expect(await all).toBe(false);
    expect(printed).toContain("    ports: starts\n");
    expect(printed.find((text) => text.includes("FAILED"))).toMatch(/^ports:\n {2}FAILED: figure of ports/);
    expect(printed.at(-1)).toBe(
      "forms  proved  figure of forms\nports  FAILED  figure of ports\nscale  proved  figure of scale\n",
    );
  });

  describe("that can't be run to their end", () => {
    const failing = (name: string, message: string): Scenario => ({
      name,
      seconds: 1,
      proves: `${name} holds`,
      run: () => Promise.reject(new Error(message)),
    });
    const message = "Not steady within 60 s.\nLast output of task 0123:\n  \u001b[31mERROR: no cookie";

    it("report the reason in lines, indented, and the first of them in the summary", async () => {
      const { print, printed } = printer();
      expect(await runScenarios([failing("forms", message), failing("ports", "broken")], { print })).toBe(false);
      expect(printed[1]).toMatch(
        /^ {2}FAILED: could not be run to its end: Not steady within 60 s\. \(\d\S* s\)\n {4}Last output of task 0123:\n {6}\\u\{1b\}\[31mERROR: no cookie\n\n$/,
      );
      expect(printed.at(-1)).toBe(
        "forms  FAILED  could not be run to its end: Not steady within 60 s.\nports  FAILED  could not be run to its end: broken\n",
      );
    });

    it("report about 40 lines at most", async () => {
      const { print, printed } = printer();
      await runScenarios([failing("forms", `long\n${"line\n".repeat(100)}`)], { print });
      const lines = printed[1]!.trimEnd().split("\n");
      expect(lines).toHaveLength(41);
      expect(lines.at(-1)).toBe("    and 61 more lines; --json prints them");
    });

    it("have the whole reason as a string in --json", async () => {
      const { print, printed } = printer();
      await runScenarios([failing("forms", message)], { print, json: true });
      expect(JSON.parse(printed.join(""))).toEqual([
        expect.objectContaining({ ok: false, figure: `could not be run to its end: ${message}`, lines: [] }),
      ]);
    });
  });

  it("start with the longest when several run at the same time, and are listed in order", async () => {
    const { scenarios, started, end } = heldScenarios(["forms", 40], ["chaos", 160], ["scale", 120]);
    const { print, printed } = printer();
    const all = runScenarios(scenarios, { print, parallel: 2 });
    await settle();
    expect(started).toEqual(["chaos", "scale"]);
    end("scale");
    await settle();
    expect(started).toEqual(["chaos", "scale", "forms"]);
    end("forms");
    end("chaos");
    expect(await all).toBe(true);
    expect(
      String(printed.at(-1))
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual(["forms", "chaos", "scale", ""]);
  });

  it("end all before an interruption is reported", async () => {
    const controller = new AbortController();
    const ended: string[] = [];
    const interrupted = (name: string, turns: number): Scenario => ({
      name,
      seconds: 1,
      proves: "",
      run: async () => {
        for (let turn = 0; turn < turns; turn += 1) await settle();
        ended.push(name);
        throw new Error("interrupted");
      },
    });
    controller.abort();
    const all = runScenarios([interrupted("forms", 1), interrupted("ports", 3)], {
      print: () => {},
      parallel: 2,
      signal: controller.signal,
    });
    await expect(all).rejects.toThrow("interrupted");
    expect(ended).toEqual(["forms", "ports"]);
  });
});
