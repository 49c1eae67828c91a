import { initContainerName } from "../../node-container";
import { Images } from "../control-plane/images";
import { keepCalling, nodeName, type CallTally } from "../cluster/erpc";
import type { LabEvent } from "../lab-event";
import type { RunningLab, Stage } from "../stage";
import { AppliedChanges } from "./steps/applied-changes";
import { environmentOf } from "./steps/environment";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "./scenario";

const tasks = 3;
const service = "myapp";

const container = initContainerName(service);
const reason = "column already exists";

/** In the place of `Shop.Release.migrate()`: what succeeds, what that prints outside a cluster, and what fails. */
const success = ["eval", 'IO.puts("migrated by #{node()}")'];
const successLine = "migrated by nonode@nohost";
const failure = ["eval", `raise "${reason}"`];

/** Deployments with a migration that succeeds and with one that fails, and what the running cluster noticed of them. */
export const migration: Scenario = {
  name: "migration",
  proves:
    "a migration runs in each task before its node; one that fails is rolled back, and the cluster isn't affected",
  async run(stage, options) {
    await stage.apply(environmentOf({ [service]: { tasks, beforeStart: success } }));
    const images = new Images([`${service}=${(await stage.release()).folder}`]);
    const starts = new Starts();
    const seen = await stage.lab((running) => deploy(stage, running, starts, options), { images }, starts.take);
    return resultOf(
      findings(seen),
      `rolled back after ${seen.failedTasks} failed migrations in ${seconds(seen.rollbackMs)}; ` +
        `${seen.losses} links lost, ${seen.calls.failed} of ${seen.calls.calls} calls failed`,
      { ...seen },
    );
  },
};

interface Seen {
  /** Tasks of the first deployment that ran it, outside a cluster, before their node said anything. */
  readonly migratedTasks: number;
  readonly failedTasks: number;
  /** Tasks with a failed migration whose node started. */
  readonly startedNodes: number;
  readonly rollbackMs: number;
  readonly backAtFirstRevision: boolean;
  readonly sameTasks: boolean;
  readonly losses: number;
  /** Share of the time with a full mesh, from before the deployment to after the rollback. */
  readonly meshShare: number;
  readonly calls: CallTally;
  /** What ECS said, in its words. */
  readonly said: readonly string[];
  /** Whether the lab showed why it failed. */
  readonly shown: boolean;
}

async function deploy(
  { clients }: Stage,
  { lab, cluster, waits }: RunningLab,
  starts: Starts,
  { say, signal }: ScenarioOptions,
): Promise<Seen> {
  const changes = new AppliedChanges(clients);
  say?.(`${tasks} tasks, each with a migration: waiting until ECS is steady`);
  await lab.steady({ signal });
  await waits.meshed(tasks);
  const migratedTasks = lab.tasks.filter(({ id }) => starts.migratedBeforeNode(id)).length;
  const before = lab.tasks.map(({ id }) => id);
  const { taskDefinitionArn } = await changes.service(service);
  const [caller, ...others] = lab.tasks;
  const report = await keepCalling(caller!, others.map(nodeName));
  say?.("deploying a migration that fails");
  const from = Date.now();
  await changes.revise(service, (each) => (each.name === container ? { ...each, command: failure } : each));
  await lab.sync();
  await lab.steady({ signal });
  const to = Date.now();
  return {
    migratedTasks,
    failedTasks: starts.failed.size,
    startedNodes: [...starts.failed].filter((id) => starts.nodes.has(id)).length,
    rollbackMs: to - from,
    backAtFirstRevision: (await changes.service(service)).taskDefinitionArn === taskDefinitionArn,
    sameTasks: lab.tasks.map(({ id }) => id).join() === before.join(),
    losses: cluster.losses(from),
    meshShare: cluster.meshShare(from, to),
    calls: await report(),
    said: starts.said,
    shown: starts.shown.some((text) => text.includes(`(RuntimeError) ${reason}`)),
  };
}

/** What tasks did from their start on. */
class Starts {
  /** Ids of tasks whose migration failed. */
  readonly failed = new Set<string>();
  /** Ids of tasks whose node has said something. */
  readonly nodes = new Set<string>();
  readonly said: string[] = [];
  readonly shown: string[] = [];
  readonly #migrated = new Set<string>();

  readonly take = (event: LabEvent): void => {
    if (event.kind === "problem") this.shown.push(event.message);
    if (event.kind === "service" && /circuit|rolling back|failed/.test(event.message)) this.said.push(event.message);
    if (event.kind === "task" && event.end?.stopCode === "TaskFailedToStart" && event.exitCodes[container] === 1)
      this.failed.add(event.taskId);
    if (event.kind !== "output") return;
    if (event.container === service) this.nodes.add(event.taskId);
    else if (event.line === successLine && !this.nodes.has(event.taskId)) this.#migrated.add(event.taskId);
  };

  migratedBeforeNode(taskId: string): boolean {
    return this.#migrated.has(taskId) && this.nodes.has(taskId);
  }
}

function findings(seen: Seen): Finding[] {
  return [
    {
      ok: seen.migratedTasks === tasks,
      line: `${seen.migratedTasks} of ${tasks} tasks ran the migration before their node started`,
    },
    {
      ok: seen.failedTasks >= 3 && seen.startedNodes === 0 && seen.backAtFirstRevision,
      line: `${seen.failedTasks} tasks failed in their migration, ${seen.startedNodes} of their nodes started; then ECS went back to the revision before${seen.backAtFirstRevision ? "" : ": NO"} (${seconds(seen.rollbackMs)})`,
    },
    { ok: seen.said.length > 0, line: `ECS said: ${seen.said.join(" ")}` },
    { ok: seen.shown, line: `the lab ${seen.shown ? "showed" : "did NOT show"} why: ${reason}` },
    {
      ok: seen.sameTasks && seen.losses === 0 && seen.meshShare === 1,
      line: `the running cluster: ${seen.sameTasks ? "the same tasks" : "OTHER tasks"}, ${seen.losses} links lost, full mesh ${Math.round(seen.meshShare * 100)} % of the time`,
    },
    {
      ok: seen.calls.calls > 0 && seen.calls.failed === 0,
      line: `${seen.calls.failed} of ${seen.calls.calls} calls between its nodes failed`,
    },
  ];
}
