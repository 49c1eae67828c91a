import type { FargateTask } from "../control-plane/task/fargate-task";
import { rpc } from "./release-rpc";
import { pageOf } from "./task-page";
import { bootBound } from "../waiting/bounds";
import { slowness } from "../waiting/machine";
import { secondsOf } from "../waiting/wait";

/** A node's name, and the nodes that it is connected to. */
export interface NodeView {
  /** Such as `myapp@10.0.1.11`. */
  readonly node: string;
  /** Visible nodes, itself left out. */
  readonly sees: readonly string[];
}

/** Seconds after which a node counts as silent, on a quiet machine: over HTTP, and by `rpc`, which boots a node for it. */
const httpTimeout = 1;
const rpcTimeout = secondsOf(bootBound(1));
/** Milliseconds after a start in which silence means that it boots, on a quiet machine. */
const bootTime = 1000 * secondsOf(bootBound(1));

/** Tasks that have answered over HTTP. */
const withPage = new WeakSet<FargateTask>();

/**
 * What a task's node sees: over HTTP from inside its network where the app has the sample's `GET /cluster`; else by its
 * release's `rpc`. `undefined` while it doesn't answer: it boots, is frozen, or isn't a release.
 */
export async function viewOf(task: FargateTask): Promise<NodeView | undefined> {
  const view = await overHttp(task).catch(() => undefined);
  if (view) withPage.add(task);
  if (view || Date.now() - (task.startedAt ?? Infinity) < bootTime * slowness()) return view;
  return withPage.has(task) ? undefined : byRpc(task).catch(() => undefined);
}

async function overHttp(task: FargateTask): Promise<NodeView | undefined> {
  const signal = AbortSignal.timeout(httpTimeout * slowness() * 1000);
  const response = await fetch(`${await pageOf(task)}/cluster`, { signal });
  return response.ok ? asView(await response.json()) : undefined;
}

/** From `GET /cluster` of the sample application. */
function asView(answer: unknown): NodeView | undefined {
  const { node, members } = (answer ?? {}) as { node?: unknown; members?: unknown };
  if (typeof node !== "string" || !Array.isArray(members)) return undefined;
  return { node, sees: members.filter((member): member is string => typeof member === "string" && member !== node) };
}

async function byRpc(task: FargateTask): Promise<NodeView | undefined> {
  const { stdout, code } = await rpc(task.container, `IO.puts(Enum.join([node() | Node.list()], " "))`, rpcTimeout);
  const [node, ...sees] = stdout.trim().split(" ");
  return code === 0 && node ? { node, sees } : undefined;
}
