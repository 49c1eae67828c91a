import { epmdPort } from "../../../distribution";
import { pause, systemClock } from "../../clock";
import { said } from "../../cluster/cluster-watch";
import type { FargateTask } from "../../control-plane/task/fargate-task";
import type { Container, TaskRuntime } from "../../data-plane/data-plane";
import type { Battlefield } from "./battlefield";
import type { PlannedFault } from "./planned-fault";

/** What a fault was seen to do, beyond what the members reported. */
export interface Effect {
  /** `undefined` where it can't be known: the fault is too weak to be seen each time, or was over before it was measured. */
  readonly seen: boolean | undefined;
  readonly text: string;
}

/** Measures during a fault, or after one that is over at once. */
export type Measure = () => Promise<Effect>;

/** Connections that are tried before and during a fault, and milliseconds in which each is answered without one. */
const [attempts, answerMs] = [10, 500];

/** Percent of packets from which on a loss always costs one of the attempts, as far as a test can count on chance: 1 in 1000. */
const certainLoss = 50;

/** Seconds that a stepped clock may differ from the step: the time of the command that reads it, on a busy machine. */
const readingSeconds = 30;

/** Measures before a fault. @returns what measures during it, or after it; `undefined` where there is nothing to measure with */
export async function measureBefore(
  fault: PlannedFault,
  [one, other]: readonly (FargateTask | undefined)[],
  field: Battlefield,
): Promise<Measure | undefined> {
  switch (fault.kind) {
    case "dns-silent":
    case "dns-lie":
      return dnsOf(fault, field);
    case "deployment":
      return deployment(field);
  }
  if (!one) return undefined;
  switch (fault.kind) {
    case "cut-task":
    case "cut-link":
    case "loss":
    case "delay":
      return connections(fault, one, other, field.running.lab.runtime);
    case "freeze":
      return async () => {
        const state = await printed(one.container, ["sed", "-n", "s/^State:\\s*//p", "/proc/1/status"]);
        return { seen: state.startsWith("T"), text: `state of its first process: ${state}` };
      };
    case "clock-step":
      return async () => {
        const ahead = Number(await printed(one.container, ["date", "+%s"])) - Math.round(Date.now() / 1000);
        return { seen: Math.abs(ahead - fault.stepSeconds) <= readingSeconds, text: `its clock is ${ahead} s ahead` };
      };
    case "slow-leave":
      return () => drained(one, fault.lasts);
    default:
      return () => ended(fault.kind, one);
  }
}

/** Connections to another member's epmd that are answered. */
async function connections(
  fault: PlannedFault,
  from: FargateTask,
  to: FargateTask | undefined,
  runtime: Pick<TaskRuntime, "probe">,
): Promise<Measure | undefined> {
  const address = to?.networkInterface?.address;
  if (address === undefined) return undefined;
  const milliseconds = fault.kind === "delay" ? Math.round(0.8 * (fault.delayMs - fault.jitterMs)) : answerMs;
  const answered = async () => {
    const probes = Array.from({ length: attempts }, () => ({
      taskId: from.id,
      sourcePort: nextPort(),
      address,
      port: epmdPort,
    }));
    return (await runtime.probe(probes, milliseconds)).filter(Boolean).length;
  };
  const before = await answered();
  return async () => {
    const during = await answered();
    const isWeak = fault.kind === "loss" && fault.percent < certainLoss;
    return {
      seen: during < before || (before === 0 || isWeak ? undefined : false),
      text: `of ${attempts} connections to ${address}, ${before} were answered within ${milliseconds} ms before, ${during} during it`,
    };
  };
}

/** Beyond the ports that Linux gives to connections; none twice in a row, since a lost packet may leave one half open. */
const [firstPort, lastPort] = [61_000, 65_000];
let port = firstPort;
const nextPort = (): number => (port = port === lastPort ? firstPort : port + 1);

async function dnsOf(
  fault: Extract<PlannedFault, { kind: "dns-silent" | "dns-lie" }>,
  { running: { lab, cluster }, service, foreign }: Battlefield,
): Promise<Measure | undefined> {
  const asking = lab.service(service).tasks.find((task) => !task.end && task.status === "RUNNING");
  if (!asking) return undefined;
  const name = `${service}.${lab.cloudMap.zones()[0]!.name}`;
  const answer = async () => {
    const text = await printed(asking.container, ["timeout", "2", "getent", "ahostsv4", name]);
    return [...new Set(text.split("\n").flatMap((line) => line.split(" ")[0] || []))];
  };
  const before = await answer();
  return async () => {
    // An old answer differs once tasks have come or gone.
    const isStale = fault.kind === "dns-lie" && fault.lie === "stale";
    if (isStale) await pause(systemClock, fault.lasts * 750);
    const during = await answer();
    const members = cluster.living.map(({ address }) => address);
    const text = `DNS named ${before.length} addresses before, ${during.length} during it`;
    if (isStale) {
      const isOld = during.some((address) => !members.includes(address));
      return { seen: isOld || undefined, text: `${text}${isOld ? ", of them one of a task that is gone" : ""}` };
    }
    const isEmpty = fault.kind === "dns-silent" || fault.lie === "empty";
    const lied = isEmpty ? during.length === 0 : during.some((address) => foreign.includes(address));
    // Another fault keeps DNS from answering.
    const isHidden = before.length === 0 && during.length === 0;
    return { seen: isHidden ? undefined : lied, text };
  };
}

async function deployment({ running: { lab }, service }: Battlefield): Promise<Measure> {
  const newest = () => lab.service(service).deployments[0]?.id;
  const before = newest();
  return async () => ({ seen: newest() !== before, text: `primary deployment ${newest()}` });
}

/** How a task has ended, or that it is being deregistered first. */
async function ended(kind: PlannedFault["kind"], task: FargateTask): Promise<Effect> {
  if (kind !== "kill") {
    const stopCode = kind === "spot" ? "SpotInterruption" : "UserInitiated";
    return { seen: task.end?.stopCode === stopCode, text: `${task.status}, ${task.end?.stopCode ?? "not ended"}` };
  }
  const exit = await task.containers.telling?.running?.exited;
  return { seen: exit?.signal === "SIGKILL", text: `ended by ${exit?.signal ?? "nothing"}` };
}

/** How long a task lives on after its node has left the cluster. */
async function drained(task: FargateTask, atLeastSeconds: number): Promise<Effect> {
  const log = () => task.containers.telling?.running?.log() ?? "";
  while (!said.left.test(log()) && task.status !== "STOPPED") await pause(systemClock, 100);
  const from = Date.now();
  await task.stopped;
  const lasted = (Date.now() - from) / 1000;
  return { seen: lasted >= atLeastSeconds, text: `stopped ${lasted.toFixed(1)} s after its node had left` };
}

async function printed(container: Container, command: readonly string[]): Promise<string> {
  return (await container.exec(command)).stdout.trim();
}
