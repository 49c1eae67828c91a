import { saidBy } from "../../cluster/erpc";
import type { FargateTask } from "../../control-plane/task/fargate-task";

/**
 * Watches the pollers of a task's node (one process for each topology, under libcluster's supervisor) from within it: each
 * is asked for its state ten times a second, and answers once it is through with a poll and its dials.
 *
 * @returns a function that tells the longest wait for an answer so far, in milliseconds.
 */
export async function watchPolling(task: FargateTask): Promise<() => Promise<number>> {
  await saidBy(
    task,
    `
    now = fn -> System.monotonic_time(:millisecond) end
    spawn(fn ->
      Process.register(self(), :lab_polling)
      parent = self()
      for {_, pid, _, _} <- Supervisor.which_children(Myapp.ClusterSupervisor) do
        spawn_link(fn ->
          loop = fn loop ->
            asked = now.()
            send(parent, {:asked, self(), asked})
            :sys.get_state(pid, :infinity)
            send(parent, {:answered, self(), now.() - asked})
            Process.sleep(100)
            loop.(loop)
          end
          loop.(loop)
        end)
      end
      loop = fn loop, longest, waiting ->
        receive do
          {:asked, who, at} -> loop.(loop, longest, Map.put(waiting, who, at))
          {:answered, who, took} -> loop.(loop, max(longest, took), Map.delete(waiting, who))
          {:report, from} ->
            send(from, {:lab_polling, Enum.max([longest | Enum.map(Map.values(waiting), &(now.() - &1))])})
            loop.(loop, longest, waiting)
        end
      end
      loop.(loop, 0, %{})
    end)`,
  );
  return async () =>
    Number(
      await saidBy(
        task,
        "send(:lab_polling, {:report, self()}); receive do {:lab_polling, longest} -> IO.puts(longest) end",
      ),
    );
}
