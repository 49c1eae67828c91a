import { runScenarios } from "../../../src/lab/scenarios/run";
import type { NodeScenario, Scenario, ScenarioOptions } from "../../../src/lab/scenarios/scenario";

jest.mock("../../../src/lab/data-plane/requirements", () => ({ sandboxSupport: () => ({ way: "here" }) }));
jest.mock("../../../src/lab/local-aws/terraform", () => ({ hasTerraform: () => Promise.resolve(true) }));
jest.mock("../../../src/lab/scenarios", () => ({
  runScenario: (scenario: NodeScenario, options: ScenarioOptions) => scenario.run(undefined as never, options),
}));

/** Scenarios that wait until a test ends them, in which order they started, and how many ran at once at most. */
function heldScenarios(...names: string[]) {
  const ends = new Map<string, (ok: boolean) => void>();
  const started: string[] = [];
  const scenarios = names.map<Scenario>((name) => ({
    name,
    proves: `${name} holds`,
    run: async (_stage, { say }) => {
      started.push(name);
      say?.("starts");
      const ok = await new Promise<boolean>((resolve) => ends.set(name, resolve));
      return { ok, figure: `figure of ${name}`, measurements: {}, lines: [] };
    },
  }));
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

  it("end all before an interruption is reported", async () => {
    const controller = new AbortController();
    const ended: string[] = [];
    const interrupted = (name: string, turns: number): Scenario => ({
      name,
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
