import { StopTaskCommand } from "@aws-sdk/client-ecs";
import { saidBy } from "../../cluster/erpc";
import type { FargateTask } from "../../control-plane/task/fargate-task";
import type { RunningLab, Stage } from "../../stage";

/** ECS's StopTask. */
export async function stop(task: FargateTask, { lab }: RunningLab, stage: Stage): Promise<void> {
  await stage.clients.ecs.send(new StopTaskCommand({ cluster: task.order.clusterArn, task: task.arn }));
  await lab.sync();
}

/**
 * ECS's StopTask. Before that, a child is put under an application that stops after the sample's own and takes long to
 * end: so the node lives on after its departure.
 */
export async function stopAndDrain(
  leaver: FargateTask,
  drainSeconds: number,
  running: RunningLab,
  stage: Stage,
): Promise<void> {
  await saidBy(
    leaver,
    `
    drain = fn ->
      Process.flag(:trap_exit, true)
      receive do {:EXIT, _supervisor, _reason} -> Process.sleep(${Math.round((drainSeconds + 1) * 1000)}) end
    end
    {:ok, _pid} =
      Supervisor.start_child(:inets_sup, %{
        id: :lab_drain,
        start: {Task, :start_link, [drain]},
        shutdown: :infinity
      })`,
  );
  await stop(leaver, running, stage);
}
