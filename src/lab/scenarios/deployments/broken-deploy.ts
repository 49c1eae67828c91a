import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Images } from "../../control-plane/images";
import { keepCalling, nodeName } from "../../cluster/erpc";
import type { Stage } from "../../stage";
import { AppliedChanges } from "../steps/applied-changes";
import { environmentOf } from "../steps/environment";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "../scenario";

const tasks = 3;
const brokenImage = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp:broken";

/** A deployment of an image that crashes at its start, and what the running cluster noticed of it. */
export const brokenDeploy: Scenario = {
  name: "broken-deploy",
  seconds: 20,
  proves: "the circuit breaker rolls back an image that crashes, apply fails, and the running cluster isn't affected",
  async run(stage, options) {
    await stage.apply(environmentOf({ myapp: { tasks } }));
    const seen = await deploy(stage, options);
    return resultOf(
      findings(seen),
      `rolled back after ${seen.crashes} crashed tasks in ${seconds(seen.rollbackMs)}; ${seen.losses} links lost, ` +
        `${seen.failedCalls} of ${seen.calls} calls failed`,
      { ...seen },
    );
  },
};

interface Seen {
  readonly rollbackMs: number;
  readonly crashes: number;
  readonly sameTasks: boolean;
  readonly backAtFirstRevision: boolean;
  /** What Terraform said of the deployment; `undefined` if its apply succeeded. */
  readonly refusal: string | undefined;
  readonly losses: number;
  /** Share of the time with a full mesh, from before the deployment to after the rollback. */
  readonly meshShare: number;
  readonly calls: number;
  readonly failedCalls: number;
  /** What ECS said, in its words. */
  readonly said: readonly string[];
}

async function deploy(stage: Stage, { say, signal }: ScenarioOptions): Promise<Seen> {
  const images = new Images([`${brokenImage}=${crashingImage(stage)}`], (await stage.release()).folder);
  const changes = new AppliedChanges(stage.clients);
  const said: string[] = [];
  let crashes = 0;
  return stage.lab(
    async ({ lab, cluster, waits }) => {
      say?.(`${tasks} tasks: waiting until ECS is steady`);
      await lab.steady({ signal });
      await waits.meshed(tasks);
      const before = lab.tasks.map(({ id }) => id);
      const { taskDefinitionArn } = await changes.service("myapp");
      const [caller, ...others] = lab.tasks;
      const report = await keepCalling(caller!, others.map(nodeName));
      say?.("deploying an image that crashes");
      const from = Date.now();
      const broken = { image: { uri: brokenImage }, tasks, waitForSteadyState: true };
      const refusal = await stage.apply(environmentOf({ myapp: broken })).then(
        () => undefined,
        (error: Error) => error.message,
      );
      await lab.steady({ signal });
      const to = Date.now();
      const { calls, failed } = await report();
      return {
        rollbackMs: to - from,
        crashes,
        refusal,
        sameTasks: lab.tasks.map(({ id }) => id).join() === before.join(),
        backAtFirstRevision: (await changes.service("myapp")).taskDefinitionArn === taskDefinitionArn,
        losses: cluster.losses(from),
        meshShare: cluster.meshShare(from, to),
        calls,
        failedCalls: failed,
        said,
      };
    },
    { images },
    (event) => {
      if (event.kind === "service" && /circuit|rolling back|failed/.test(event.message)) said.push(event.message);
      if (event.kind === "task" && event.status === "STOPPED" && event.exitCodes["myapp"] === crashCode) crashes += 1;
    },
  );
}

const crashCode = 3;

/** An image that starts, is registered in DNS, and then crashes. */
function crashingImage({ scratch }: Stage): string {
  const folder = path.join(scratch, "broken-image");
  mkdirSync(path.join(folder, "bin"), { recursive: true });
  const command = path.join(folder, "bin", "server");
  writeFileSync(command, `#!/bin/sh\nsleep 1\necho "could not load the NIF" >&2\nexit ${crashCode}\n`);
  chmodSync(command, 0o755);
  return folder;
}

function findings(seen: Seen): Finding[] {
  return [
    {
      ok: seen.crashes >= 3 && seen.backAtFirstRevision,
      line: `${seen.crashes} tasks crashed, then ECS went back to the revision before${seen.backAtFirstRevision ? "" : ": NO"} (${seconds(seen.rollbackMs)})`,
    },
    {
      ok: seen.refusal?.includes("ECS rolled the deployment back") ?? false,
      line: `terraform apply waited for the deployment${seen.refusal === undefined ? ", and SUCCEEDED" : " and failed"}`,
    },
    { ok: seen.said.length > 0, line: `ECS said: ${seen.said.join(" ")}` },
    {
      ok: seen.sameTasks && seen.losses === 0 && seen.meshShare === 1,
      line: `the running cluster: ${seen.sameTasks ? "the same tasks" : "OTHER tasks"}, ${seen.losses} links lost, full mesh ${Math.round(seen.meshShare * 100)} % of the time`,
    },
    {
      ok: seen.calls > 0 && seen.failedCalls === 0,
      line: `${seen.failedCalls} of ${seen.calls} calls between its nodes failed`,
    },
  ];
}
