import { basenameOf } from "../../containers/variables";
import type { FargateTask } from "../control-plane/task/fargate-task";
import { rpc } from "./release-rpc";

/** A remote call between two nodes that was tried once. */
export interface RemoteCall {
  readonly from: string;
  readonly to: string;
  /** Whether the other node answered with its own name. */
  readonly answered: boolean;
}

/** What an expression prints that is evaluated in a task's node by its release's `rpc`. @throws Error with what the release said */
export async function saidBy(task: FargateTask, expression: string): Promise<string> {
  const { stdout, stderr, code } = await rpc(task.container, expression);
  if (code === 0) return stdout.trim();
  const saying = (stderr || stdout).trim();
  throw new Error(`rpc in task ${task.id.slice(0, 8)} of ${task.order.serviceName} ended with code ${code}: ${saying}`);
}

/** Without a limit of its own: a call to a node that has fallen silent ends with net_ticktime. Calls `Node.self` through `:erpc` from each task's node to every node it is connected to. */
export async function callEachOther(tasks: readonly FargateTask[]): Promise<RemoteCall[]> {
  const expression = `
    for peer <- Node.list() do
      answer = try do :erpc.call(peer, Node, :self, []) catch _, reason -> reason end
      IO.puts("#{node()} #{peer} #{answer == peer}")
    end`;
  const calls: RemoteCall[] = [];
  for (const task of tasks) {
    for (const line of (await saidBy(task, expression)).split("\n").filter(Boolean)) {
      const [from, to, answered] = line.trim().split(" ");
      calls.push({ from: from!, to: to!, answered: answered === "true" });
    }
  }
  return calls;
}

/** What became of calls made without a break. */
export interface CallTally {
  readonly calls: number;
  readonly failed: number;
  /** Milliseconds of the slowest one. */
  readonly slowestMs: number;
}

/** Lets a task's node call others every 25 ms, in a process of that node, until the function that this gives is called. */
export async function keepCalling(task: FargateTask, nodes: readonly string[]): Promise<() => Promise<CallTally>> {
  const peers = `[${nodes.map((node) => `:"${node}"`).join(", ")}]`;
  await saidBy(
    task,
    `
    spawn(fn ->
      Process.register(self(), :lab_calls)
      loop = fn loop, calls, failed, slowest ->
        receive do
          {:report, from} -> send(from, {:lab_calls, calls, failed, slowest})
        after
          25 ->
            results =
              for peer <- ${peers} do
                started = System.monotonic_time(:millisecond)
                ok = try do :erpc.call(peer, Node, :self, []) == peer catch _, _ -> false end
                {ok, System.monotonic_time(:millisecond) - started}
              end
            failed = failed + Enum.count(results, fn {ok, _} -> not ok end)
            slowest = Enum.max([slowest | Enum.map(results, &elem(&1, 1))])
            loop.(loop, calls + length(results), failed, slowest)
        end
      end
      loop.(loop, 0, 0, 0)
    end)`,
  );
  return async () => {
    const report = await saidBy(
      task,
      `send(:lab_calls, {:report, self()})
       receive do
         {:lab_calls, calls, failed, slowest} -> IO.puts("#{calls} #{failed} #{slowest}")
       end`,
    );
    const [calls, failed, slowestMs] = report.split(/\s+/).map(Number) as [number, number, number];
    return { calls, failed, slowestMs };
  };
}

/** The name of a task's node: what its release makes of the environment and the address. */
export function nodeName(task: FargateTask): string {
  const environment = task.order.definition.containers[0]?.environment ?? {};
  const basename = basenameOf((name) => environment[name]) ?? task.order.serviceName;
  return `${basename}@${task.networkInterface?.address}`;
}
