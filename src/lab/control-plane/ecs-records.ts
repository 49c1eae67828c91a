import type { AwsEndpoint } from "../local-aws/aws-clients";
import { pause, systemClock } from "../clock";
import type { ServiceRecord } from "./records";

/** Milliseconds for which records are gathered before they are sent, and pauses before the next attempt: each twice the last. */
const gatherMs = 25;
const maxAttempts = 6;

/** Something of which local AWS has to get the newest state. */
type Projected =
  | { readonly kind: "tasks"; readonly record: () => object }
  | { readonly kind: "services"; readonly record: () => ServiceRecord }
  | { readonly kind: "targetGroups"; readonly record: () => object }
  | { readonly kind: "attached"; readonly record: () => boolean };

/**
 * Puts tasks and services into local AWS, whose ECS cannot hold them otherwise (`moto/tasks.py`). Records are gathered for a
 * moment and only the newest of each is sent: a hundred tasks that start at once are a handful of requests. A record is
 * pending until local AWS has taken it; a PUT that fails is tried again.
 */
export class EcsRecords {
  readonly #pending = new Map<string, Projected>();
  #sending: Promise<void> | undefined;

  /** @param onError gets what local AWS answered when it has refused the records several times; the next change tries again. */
  constructor(
    private readonly aws: AwsEndpoint,
    private readonly onError: (error: Error) => void,
  ) {}

  task(arn: string, record: () => object): void {
    this.#changed(arn, { kind: "tasks", record });
  }

  service(arn: string, record: () => ServiceRecord): void {
    this.#changed(arn, { kind: "services", record });
  }

  /** The health of a target group's targets, for local AWS's Elastic Load Balancing. */
  targetGroup(arn: string, record: () => object): void {
    this.#changed(arn, { kind: "targetGroups", record });
  }

  /** Tells local AWS whether the tasks run: unless they do, it doesn't wait for those of a deleted service to stop. */
  attach(attached: boolean): void {
    this.#changed("attached", { kind: "attached", record: () => attached });
  }

  /** Done when local AWS has every record. @throws Error with what it answered instead, several times; all stay pending then. */
  async flush(): Promise<void> {
    while (this.#pending.size > 0) await this.#send();
  }

  #changed(key: string, projected: Projected): void {
    this.#pending.set(key, projected);
    if (!this.#sending) this.#send().catch(this.onError);
  }

  #send(): Promise<void> {
    return (this.#sending ??= this.#attempts());
  }

  async #attempts(): Promise<void> {
    let failed = 0;
    try {
      while (this.#pending.size > 0) {
        await pause(systemClock, gatherMs * 2 ** failed);
        const sent = new Map(this.#pending);
        const error = await this.#put([...sent.values()]);
        failed = error ? failed + 1 : 0;
        if (failed === maxAttempts) throw error;
        if (error) continue;
        // What has changed meanwhile stays.
        for (const [key, projected] of sent) if (this.#pending.get(key) === projected) this.#pending.delete(key);
      }
    } finally {
      this.#sending = undefined;
    }
  }

  /** Gives the error of a PUT that failed. */
  async #put(all: readonly Projected[]): Promise<Error | undefined> {
    const recordsOf = (kind: Projected["kind"]) => all.filter((one) => one.kind === kind).map(({ record }) => record());
    const [attached] = recordsOf("attached");
    const targetGroups = recordsOf("targetGroups");
    const { region } = this.aws;
    return (
      (await this.#putTo("ecs", { region, attached, tasks: recordsOf("tasks"), services: recordsOf("services") })) ??
      (targetGroups.length > 0 ? this.#putTo("load-balancing", { region, targetGroups }) : undefined)
    );
  }

  async #putTo(what: "ecs" | "load-balancing", body: object): Promise<Error | undefined> {
    try {
      const request = { method: "PUT", body: JSON.stringify(body) };
      const { ok, status } = await fetch(`${this.aws.endpoint}/moto-api/lab/${what}`, request);
      return ok ? undefined : new Error(`local AWS answered ${status} to the lab's records of ECS`);
    } catch (error) {
      return new Error(`local AWS can't be reached for the lab's records of ECS: ${String((error as Error).cause)}`);
    }
  }
}
