import { ClusterWatch, said } from "../../cluster/cluster-watch";
import type { LabEvent } from "../../lab-event";

/** Follows the nodes of two versions through a deployment: those that started before it, and those that started after. */
export class VersionWatch {
  readonly old = new ClusterWatch();
  readonly next = new ClusterWatch();
  /** Each time that a node saw one of the other version, in the words of its log. */
  readonly crossLinks: string[] = [];
  /** Connections that libcluster tried without success since the deployment began. */
  failedAttempts = 0;
  readonly #oldTasks = new Set<string>();
  /** By address, since nodes log the names of others; an address may get another task later. */
  readonly #tasks = new Map<string, string>();
  #deploying = false;

  /** Every task that starts from now on is of the next version. */
  deploy(): void {
    this.#deploying = true;
  }

  readonly take = (event: LabEvent): void => {
    if (event.kind !== "task" && event.kind !== "output") return;
    if (!this.#deploying) this.#oldTasks.add(event.taskId);
    if (event.kind === "task" && event.address) this.#tasks.set(event.address, event.taskId);
    if (event.kind === "output" && this.#deploying) this.#read(event.taskId, event.line);
    (this.#isOld(event.taskId) ? this.old : this.next).take(event);
  };

  #isOld(taskId: string): boolean {
    return this.#oldTasks.has(taskId);
  }

  #read(taskId: string, line: string): void {
    if (line.includes("unable to connect to")) this.failedAttempts += 1;
    const peer = this.#tasks.get(said.up.exec(line)?.[1] ?? "");
    if (peer !== undefined && this.#isOld(peer) !== this.#isOld(taskId)) this.crossLinks.push(line);
  }
}
