import { serviceDefaults } from "../../aws/defaults";
import type { Forwarding, Task } from "../data-plane/data-plane";
import type { FargateTask } from "../control-plane/task/fargate-task";

const forwardings = new WeakMap<Task, Promise<Forwarding>>();

/** TCP port that a task serves HTTP on: its container's `PORT`, as Phoenix has it. */
export const httpPort = (task: FargateTask): number =>
  Number(task.container.spec.environment?.["PORT"] ?? serviceDefaults.httpPort);

/**
 * Where this machine finds a task's HTTP server: `http://127.0.0.1:<port>`, the same as long as the task runs.
 * @throws Error when the task has no network interface, or its container has not started.
 */
export async function pageOf(task: FargateTask): Promise<string> {
  const { place } = task;
  if (!place) throw new Error(`Task ${task.id} is ${task.status}: it has no network interface.`);
  let forwarding = forwardings.get(place);
  if (!forwarding) {
    forwarding = place.forward(httpPort(task));
    forwardings.set(place, forwarding);
    void task.stopped.then(async () => (await forwarding!).close()).catch(() => undefined);
  }
  return `http://127.0.0.1:${(await forwarding).port}`;
}
