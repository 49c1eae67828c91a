import { alarmName, alarmRules } from "../../../monitoring/cluster-alarms";
import { defaultMetricsIntervalMs } from "../../../monitoring/cluster-metrics";
import { rpc } from "../../cluster/release-rpc";
import { nodeName } from "../../cluster/erpc";
import { initContainerName } from "../../../containers/node-container";
import type { AlarmWatch } from "../../monitoring/alarm-watch";
import type { RunningLab } from "../../stage";
import { type Bound, sumOf, timersOf } from "../../waiting/wait";
import { environmentName } from "../../stage";
import type { AppliedChanges } from "./applied-changes";
import { type Finding, seconds } from "../scenario";

/** How much shorter than in CloudWatch each period is here: 6 s for a minute. */
export const factor = 0.1;

const service = "myapp";
const name = (kind: keyof typeof alarmRules) => alarmName(`${environmentName}-{service}`, kind, service);

/** Options of the service: what runs before a node, for a deployment that goes on, and the alarm that ends a deployment. */
export const watchedDeployments = { beforeStart: ["eval", ":ok"], deployment: { alarms: [name("flapping")] } };
const period = (kind: keyof typeof alarmRules) => alarmRules[kind].periodSeconds * factor;

/** A node counts a peer as missing after two intervals, seen in one of three lookups in each. */
const missingAfter = (defaultMetricsIntervalMs / 1000) * factor * (2 + 1 / 3 + 1);

/** Seconds in which an alarm must go off once its metric breaches; CloudWatch reads two more periods where data is missing. */
const evaluated = (kind: keyof typeof alarmRules): Bound =>
  timersOf({
    [`${kind}: ${alarmRules[kind].evaluationPeriods} periods and 3 more`]:
      (alarmRules[kind].evaluationPeriods + 3) * period(kind),
  });

type Watched = RunningLab & { readonly alarms: AlarmWatch; readonly changes: AppliedChanges };

/**
 * Three faults that last, and the alarm that each must set off: that one and no other. The second one goes off during a deployment
 * that names it.
 */
export async function alarmFindings(
  running: Watched,
  silentLoss: number,
  say: (line: string) => void,
): Promise<Finding[]> {
  const { lab } = running;
  const [one, other] = lab.tasks;
  say(`alarms: a period of 60 s takes ${60 * factor} s here, and nodes report ${1 / factor} times as often`);
  const loss = timersOf({ "silent loss": silentLoss, "missing for two intervals": missingAfter });
  const cut = { cutTasks: [one!.networkInterface!.address] };
  const findings = [
    await lasting(running, "partition", "the network of one task cut", sumOf(loss, evaluated("partition")), () =>
      lab.runtime.applyFaults(cut),
    ),
  ];
  const ran = lab.tasks.map(({ id }) => id);
  const flap = setInterval(
    () => {
      void rpc(one!.container, `Node.disconnect(:"${nodeName(other!)}")`).catch(() => undefined);
    },
    (period("flapping") * 1000) / 3,
  );
  findings.push(
    await lasting(
      running,
      "flapping",
      "one link broken again and again",
      evaluated("flapping"),
      () => deployWithoutEnd(running),
      () => clearInterval(flap),
    ),
    await rolledBack(running, ran),
  );
  const frozenTasks = lab.tasks.map(({ networkInterface }) => networkInterface!.address);
  findings.push(
    await lasting(running, "no-data", "all tasks frozen", evaluated("no-data"), () =>
      lab.runtime.applyFaults({ frozenTasks }),
    ),
  );
  return findings;
}

/** Begins a deployment whose new tasks wait for something that doesn't end before their nodes start. */
async function deployWithoutEnd({ lab, changes }: Watched): Promise<void> {
  const endless = ["eval", "Process.sleep(:infinity)"];
  await changes.revise(service, (container) =>
    container.name === initContainerName(service) ? { ...container, command: endless } : container,
  );
  await lab.sync();
}

/** @param ran ids of the tasks that ran before the deployment */
async function rolledBack({ lab }: Watched, ran: readonly string[]): Promise<Finding> {
  await lab.steady();
  const said = lab.service(service).events.map(({ message }) => message);
  const run = lab.tasks.map(({ id }) => id);
  return rollbackFinding(said, ran, run);
}

/** What the deployment became. @param said ECS's service events @param ran ids of tasks before it @param run those after it */
export function rollbackFinding(said: readonly string[], ran: readonly string[], run: readonly string[]): Finding {
  const ended = ["deployment failed: alarm detected", "rolling back to deployment"].every((part) =>
    said.some((message) => message.includes(part)),
  );
  const same = ran.length === run.length && ran.every((id) => run.includes(id));
  return {
    ok: ended && same,
    line: `a deployment that names ${name("flapping")} was ${ended ? "rolled back" : "NOT rolled back"} when it went off; ${same ? "the tasks that ran run on" : "OTHER tasks run"}`,
  };
}

/** A fault until its alarm goes off, and its end until the alarm is over. */
async function lasting(
  { alarms, waits, lab }: Watched,
  kind: keyof typeof alarmRules,
  fault: string,
  bound: Bound,
  begin: () => Promise<unknown>,
  end: () => void = () => {},
): Promise<Finding> {
  const from = Date.now();
  await begin();
  const wentOff = await waits.until(() => alarms.stateOf(name(kind)) === "ALARM", bound);
  const after = Date.now() - from;
  end();
  await lab.runtime.applyFaults({});
  // One that is evaluated over fewer periods is over sooner, and one that reads missing data later.
  const over = await waits.until(
    () => alarms.ringing.length === 0,
    sumOf(lab.bounds.mesh, evaluated(kind), evaluated("flapping")),
  );
  const others = alarms.wentOff(from).filter((alarm) => alarm !== name(kind));
  return {
    ok: wentOff.value === true && over.value === true && others.length === 0,
    line:
      `${fault}: ${wentOff.value ? `${name(kind)} went off after ${seconds(after)}, ${seconds(after / factor)} with CloudWatch's periods` : `${name(kind)} did NOT go off`}, ` +
      `${over.value ? `over ${seconds(over.wallMs)} after the end` : `still going: ${alarms.ringing.join(", ")}`}; ` +
      `others: ${others.join(", ") || "none"}`,
  };
}
