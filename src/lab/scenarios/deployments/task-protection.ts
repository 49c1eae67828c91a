import { saidBy } from "../../cluster/erpc";
import type { FargateTask } from "../../control-plane/task/fargate-task";
import { timersOf } from "../../waiting/wait";
import { environmentOf } from "../steps/environment";
import type { RunningLab } from "../../stage";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "../scenario";

const tasks = 4;
/** Seconds of the shortest protection there is. */
const protectionSeconds = 60;

/** A task that is busy protects itself: it outlives scaling in and a deployment, until its protection ends. */
export const taskProtection: Scenario = {
  name: "task-protection",
  seconds: 90,
  proves:
    "scaling in and deployments don't stop a task that protects itself, until it releases itself or a minute is over",
  async run(stage, options) {
    const myapp = { cluster: "lab", taskProtection: true };
    await stage.apply(environmentOf({ myapp: { ...myapp, tasks }, myapp2: { ...myapp, taskProtection: false } }));
    return stage.lab(async (running) => {
      const findings: Finding[] = [];
      const { value: busy, finding: negative } = await unprotected(running, options);
      findings.push(negative, await withoutPermission(running));
      await inTask(busy, "protect(1)");
      const protectedAt = Date.now();
      findings.push(await scaledIn(busy, running, options), await deployed(busy, running, options));
      const expires = (options.seconds ?? protectionSeconds) >= protectionSeconds;
      if (!expires) await inTask(busy, "release()");
      options.say?.(expires ? "waiting for the protection to end" : "released");
      await busyEnds(running, busy);
      const livedMs = Date.now() - protectedAt;
      const early = expires && livedMs < protectionSeconds * 1000;
      await running.lab.steady({ signal: options.signal });
      const ended = busy.end !== undefined && !early;
      const how = expires ? "ended by itself" : "was released";
      findings.push({
        ok: ended,
        line: `protection ${how}: the task ${ended ? "stopped" : "did NOT stop"} ${seconds(livedMs)} after it had protected itself, and the deployment completed`,
      });
      return resultOf(findings, `the protected task outlived scale-in and deployment, ${seconds(livedMs)} in all`, {
        livedMs,
      });
    });
  },
};

/** What a function of the sample gives in a task: `:ok`, or an error. */
const inTask = (task: FargateTask, call: string): Promise<string> =>
  saidBy(task, `IO.inspect(Myapp.TaskProtection.${call})`);

/** The negative test: without protection, scaling in stops the oldest task of the fullest zone. Gives the next one. */
async function unprotected({ lab, waits }: RunningLab, { say, signal }: ScenarioOptions) {
  await lab.steady({ signal });
  await waits.meshed(tasks + 1);
  const [first, next] = lab.service("myapp").tasks as [FargateTask, FargateTask];
  say?.(`${tasks} tasks; scaling in by one, none protected`);
  await lab.updateService("myapp", { desiredCount: tasks - 1 });
  await lab.steady({ signal });
  const ok = first.end !== undefined && !next.end;
  return {
    value: next,
    finding: { ok, line: `without protection: the oldest task ${ok ? "stops" : "does NOT stop"}` },
  };
}

/** The service whose role lacks the permission. */
async function withoutPermission({ lab }: RunningLab): Promise<Finding> {
  const answer = await inTask(lab.service("myapp2").tasks[0]!, "protect(1)");
  const ok = answer.includes("AccessDeniedException");
  return { ok, line: `without "taskProtection": true, protect(1) gives ${ok ? "AccessDeniedException" : answer}` };
}

async function scaledIn(busy: FargateTask, { lab }: RunningLab, { say, signal }: ScenarioOptions): Promise<Finding> {
  say?.(`${tasks - 1} tasks, the one that would stop next protected; scaling in to one`);
  await lab.updateService("myapp", { desiredCount: 1 });
  await lab.steady({ signal });
  const left = lab.service("myapp").tasks;
  const ok = left.length === 1 && left[0] === busy;
  return { ok, line: `scaled in to one: ${ok ? "the protected task is left" : "the protected task was stopped"}` };
}

/** Old and new nodes are one mesh meanwhile. */
async function deployed(busy: FargateTask, { lab, waits }: RunningLab, { say }: ScenarioOptions): Promise<Finding> {
  say?.("deploying");
  await lab.updateService("myapp", { forceNewDeployment: true });
  const spared = () =>
    lab.service("myapp").events.some(({ message }) => message.includes("(reason 1 tasks under protection)"));
  const { value: said = false } = await waits.until(spared, lab.bounds.steady);
  const { value: meshed = false } = await waits.mesh(3);
  const ok = said && meshed && !busy.end;
  return {
    ok,
    line: `a deployment: the new task runs, ${busy.end ? "the protected one was stopped" : "the protected one too"}, ${meshed ? "in one mesh" : "NOT in one mesh"}; ECS ${said ? "says why it isn't complete" : "does NOT say why"}`,
  };
}

async function busyEnds({ waits }: RunningLab, busy: FargateTask): Promise<void> {
  await waits.until(() => busy.status === "STOPPED", timersOf({ "the protection": protectionSeconds, "the stop": 60 }));
}
