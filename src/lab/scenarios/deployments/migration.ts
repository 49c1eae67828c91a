import { Images } from "../../control-plane/images";
import { keepCalling, nodeName, type CallTally } from "../../cluster/erpc";
import type { RunningLab, Stage } from "../../stage";
import { AppliedChanges } from "../steps/applied-changes";
import { environmentOf } from "../steps/environment";
import { failureReason, migratedService, MigrationWatch, migrationOf, withMigration } from "../steps/migrations";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "../scenario";

const tasks = 3;
const service = migratedService;

/** Deployments with a migration that succeeds and with one that fails, and what the running cluster noticed of them. */
export const migration: Scenario = {
  name: "migration",
  seconds: 20,
  proves: "a migration runs in each task before its node; if it fails, ECS rolls back, and the cluster isn't affected",
  async run(stage, options) {
    await stage.apply(environmentOf({ [service]: { tasks, beforeStart: migrationOf(1) } }));
    const images = new Images([`${service}=${(await stage.release()).folder}`]);
    const starts = new MigrationWatch();
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
  starts: MigrationWatch,
  { say, signal }: ScenarioOptions,
): Promise<Seen> {
  const changes = new AppliedChanges(clients);
  say?.(`${tasks} tasks, each with a migration: waiting until ECS is steady`);
  await lab.steady({ signal });
  await waits.meshed(tasks);
  const migratedTasks = lab.tasks.filter(({ id }) => starts.migratedBeforeNode(id, 1)).length;
  const before = lab.tasks.map(({ id }) => id);
  const { taskDefinitionArn } = await changes.service(service);
  const [caller, ...others] = lab.tasks;
  const report = await keepCalling(caller!, others.map(nodeName));
  say?.("deploying a migration that fails");
  const from = Date.now();
  await changes.revise(service, withMigration("fails"));
  await lab.sync();
  await lab.steady({ signal });
  const to = Date.now();
  return {
    migratedTasks,
    failedTasks: starts.failedTasks,
    startedNodes: starts.failedTasksWithNode,
    rollbackMs: to - from,
    backAtFirstRevision: (await changes.service(service)).taskDefinitionArn === taskDefinitionArn,
    sameTasks: lab.tasks.map(({ id }) => id).join() === before.join(),
    losses: cluster.losses(from),
    meshShare: cluster.meshShare(from, to),
    calls: await report(),
    said: starts.said,
    shown: starts.shown.some((text) => text.includes(`(RuntimeError) ${failureReason}`)),
  };
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
    { ok: seen.shown, line: `the lab ${seen.shown ? "showed" : "did NOT show"} why: ${failureReason}` },
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
