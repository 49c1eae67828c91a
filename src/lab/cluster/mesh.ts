import { systemClock } from "../clock";
import type { FargateTask } from "../control-plane/task/fargate-task";
import type { Lab } from "../lab";
import { type Member, missingLinks, nameOf } from "../../mesh/mesh";
import { viewOf } from "./node-view";
import { timed } from "../timings";
import { lastOutput } from "../waiting/last-output";
import { type Bound, describeWait, waitFor, type WaitOptions } from "../waiting/wait";

/** Which nodes see each other, from each node itself. */
export interface Mesh {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** By service, then address. */
  readonly members: readonly Member[];
}

export interface AwaitMeshOptions extends WaitOptions {
  /** How many tasks have to see each other. @default as many as the services desire, of those given */
  readonly expected?: number;
  /** Names of the services whose tasks count. @default all */
  readonly services?: readonly string[];
  /** How long at most. @default what boot, health checks and DNS may take by what is applied */
  readonly bound?: Bound;
  /** Called with every look, the last one included. */
  readonly onProgress?: (mesh: Mesh) => void;
}

/** Asks every running task which nodes it sees. @param services names of those that count. @default all */
export async function meshOf(lab: Lab, services?: readonly string[]): Promise<Mesh> {
  const running = lab.tasks.filter(
    (task) => task.status === "RUNNING" && !task.end && (services?.includes(task.order.serviceName) ?? true),
  );
  const members = await Promise.all(running.map(memberOf));
  return { at: systemClock.now(), members: members.sort(byServiceAndAddress) };
}

async function memberOf(task: FargateTask): Promise<Member> {
  const about = { service: task.order.serviceName, taskId: task.id, address: task.networkInterface!.address };
  return { ...about, ...(await viewOf(task)) };
}

const byServiceAndAddress = (one: Member, other: Member) =>
  one.service.localeCompare(other.service) || one.address.localeCompare(other.address, "en", { numeric: true });

/** Whether so many nodes run and every one sees all others. */
export const isFullMesh = (mesh: Mesh, expected: number): boolean =>
  mesh.members.length === expected &&
  mesh.members.every(({ sees }) => sees !== undefined) &&
  missingLinks(mesh.members).length === 0;

/**
 * Looks until all tasks see each other.
 * @returns that mesh. @throws Error that says which nodes miss which, with the last output of the tasks concerned, and at
 * once when ECS has given a service up.
 */
export async function awaitMesh(lab: Lab, options: AwaitMeshOptions = {}): Promise<Mesh> {
  const { services, onProgress, bound = lab.bounds.mesh, everyMs = 100, signal } = options;
  const expected = () => options.expected ?? desiredTasks(lab, services);
  let seen: Mesh | undefined;
  const look = async () => {
    seen = await meshOf(lab, services);
    onProgress?.(seen);
    // What will never be steady will never be a mesh either: that throws.
    return (isFullMesh(seen, expected()) || (lab.isSteady, false)) && seen;
  };
  const waited = await timed("wait for a full mesh", () => waitFor(look, bound, { everyMs, signal }));
  if (waited.value) return waited.value;
  throw new Error(
    [
      `No full mesh of ${expected()} nodes ${describeWait(waited)}`,
      `Seen: ${whatIsMissing(seen!, expected())}`,
      lastOutput(concerned(lab, seen!, services)),
    ].join("\n"),
  );
}

/** Tasks that do not run yet, that do not answer, or that miss another. */
function concerned(lab: Lab, mesh: Mesh, services?: readonly string[]): FargateTask[] {
  const missing = new Set(missingLinks(mesh.members).map(({ from }) => from.taskId));
  const fine = new Set(mesh.members.flatMap(({ taskId, sees }) => (sees && !missing.has(taskId) ? taskId : [])));
  return lab.services
    .filter(({ name }) => services?.includes(name) ?? true)
    .flatMap(({ newestTasks }) => newestTasks)
    .filter(({ id }) => !fine.has(id));
}

/** How many tasks services should have. @param names of those that count. @default all */
export const desiredTasks = (
  { services }: { readonly services: readonly { readonly name: string; readonly desiredCount: number }[] },
  names?: readonly string[],
): number =>
  services.filter(({ name }) => names?.includes(name) ?? true).reduce((sum, { desiredCount }) => sum + desiredCount, 0);

/** One line: the tasks that are not there, those that do not answer, and which nodes miss which. */
export function whatIsMissing(mesh: Mesh, expected: number): string {
  const { members } = mesh;
  const silent = members.filter(({ sees }) => !sees);
  const missed = missingLinks(mesh.members).filter(({ from, to }) => !silent.includes(from) && !silent.includes(to));
  const namesMissedBy = (member: Member) => missed.filter(({ from }) => from === member).map(({ to }) => nameOf(to));
  return [
    ...(members.length === expected ? [] : [`${members.length} of ${expected} tasks run`]),
    ...(silent.length === 0 ? [] : [`no answer from ${silent.map(nameOf).join(", ")}`]),
    ...members
      .filter((member) => namesMissedBy(member).length > 0)
      .map((member) => `${nameOf(member)} misses ${namesMissedBy(member).join(", ")}`),
  ].join("; ");
}
