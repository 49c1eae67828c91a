import { defaultDistributionPorts } from "../../distribution";
import { callEachOther } from "../cluster/erpc";
import type { Stage } from "../stage";
import { twoServices } from "./steps/environment";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "./scenario";

const count = 5;

interface Formed {
  readonly mode: string;
  readonly meshMs: number;
  readonly calls: number;
  readonly answered: number;
}

/** Two services of five tasks in all: every node sees every other and is answered by it, in both modes. */
export const forms: Scenario = {
  name: "forms",
  seconds: 30,
  proves:
    "two services with five tasks form one cluster, and every node calls every other, with epmd and with a single port",
  async run(stage, options) {
    await stage.apply(twoServices());
    const epmd = await form("epmd", stage, options);
    await stage.apply(twoServices({ distribution: { singlePort: defaultDistributionPorts.from } }));
    const single = await form("single-port", stage, options);
    const modes = [epmd, single];
    return resultOf(
      modes.map(finding),
      `full mesh of ${count} after ${modes.map(({ mode, meshMs }) => `${seconds(meshMs)} (${mode})`).join(" and ")}`,
      { tasks: count, modes },
    );
  },
};

async function form(mode: string, stage: Stage, { say }: ScenarioOptions): Promise<Formed> {
  say?.(`starting ${count} tasks, ${mode}`);
  return stage.lab(async ({ lab, waits, startedAt }) => {
    const { value: formed } = await waits.mesh(count);
    const meshMs = formed ? Date.now() - startedAt : Infinity;
    say?.("calling from each node to each");
    const calls = await callEachOther(lab.tasks);
    return { mode, meshMs, calls: calls.length, answered: calls.filter(({ answered }) => answered).length };
  });
}

function finding({ mode, meshMs, calls, answered }: Formed): Finding {
  const expected = count * (count - 1);
  return {
    ok: meshMs !== Infinity && calls === expected && answered === expected,
    line: `${mode}: full mesh after ${seconds(meshMs)}, ${answered} of ${expected} remote calls answered`,
  };
}
