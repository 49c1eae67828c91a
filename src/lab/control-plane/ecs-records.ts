import type { AwsEndpoint } from "../local-aws/aws-clients";

/** A service's counts, deployments and events, members as DescribeServices gives them. */
export interface ServiceRecord {
  /** Names. */
  readonly cluster: string;
  readonly service: string;
  /** Task definitions' ARNs of a rollback: the service names the earlier one again. */
  readonly rollback?: { readonly from: string; readonly to: string };
  readonly [member: string]: unknown;
}

/**
 * Puts tasks and services into local AWS, whose ECS cannot hold them otherwise (`moto/tasks.py`). Records are gathered for a
 * moment and only the newest of each is sent: a hundred tasks that start at once are a handful of requests.
 */
export class EcsRecords {
  readonly #tasks = new Map<string, () => object>();
  readonly #services = new Map<string, () => ServiceRecord>();
  #sending: Promise<void> | undefined;

  constructor(
    private readonly aws: AwsEndpoint,
    private readonly onError: (error: Error) => void,
  ) {}

  task(arn: string, record: () => object): void {
    this.#tasks.set(arn, record);
    this.#sending ??= this.#send();
  }

  service(arn: string, record: () => ServiceRecord): void {
    this.#services.set(arn, record);
    this.#sending ??= this.#send();
  }

  /** Says whether somebody runs the tasks: until then local AWS waits for nobody to stop those of a deleted service. */
  async attend(attended: boolean): Promise<void> {
    await this.#put({ tasks: [], services: [], attended }).catch(this.onError);
  }

  /** Done when everything that was put is there. */
  async flush(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  async #send(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 25));
    const tasks = [...this.#tasks.values()].map((record) => record());
    const services = [...this.#services.values()].map((record) => record());
    this.#tasks.clear();
    this.#services.clear();
    await this.#put({ tasks, services }).catch(this.onError);
    this.#sending = this.#tasks.size + this.#services.size > 0 ? this.#send() : undefined;
  }

  async #put(records: object): Promise<void> {
    const body = JSON.stringify({ region: this.aws.region, ...records });
    const response = await fetch(`${this.aws.endpoint}/moto-api/lab/ecs`, { method: "PUT", body });
    if (!response.ok) throw new Error(`local AWS answered ${response.status} to the lab's records of ECS`);
  }
}
