import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { EcsRecords } from "../../../src/lab/control-plane/ecs-records";

interface Body {
  readonly attached?: boolean;
  readonly tasks: readonly { readonly arn: string; readonly value: number }[];
  readonly services: readonly { readonly service: string; readonly value: number }[];
}

/** Local AWS as far as it takes records: it answers with what `statuses` has next, then with 200. */
class Recorded {
  readonly tasks = new Map<string, number>();
  readonly services = new Map<string, number>();
  attached: boolean | undefined;
  requests = 0;
  onRequest: () => void = () => {};
  readonly #server: Server;

  constructor(private readonly statuses: number[]) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.requests += 1;
        this.onRequest();
        const status = this.statuses.shift() ?? 200;
        if (status === 0) return void request.socket.destroy();
        if (status === 200) this.#take(JSON.parse(Buffer.concat(chunks).toString()) as Body);
        response.writeHead(status).end("{}");
      });
    });
  }

  async start(): Promise<EcsRecords> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return new EcsRecords({ endpoint, region: "eu-west-1" }, ({ message }) => this.errors.push(message));
  }

  readonly errors: string[] = [];

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take({ attached, tasks, services }: Body): void {
    if (attached !== undefined) this.attached = attached;
    for (const { arn, value } of tasks) this.tasks.set(arn, value);
    for (const { service, value } of services) this.services.set(service, value);
  }
}

async function recorded(statuses: number[], use: (records: EcsRecords, local: Recorded) => Promise<void>) {
  const local = new Recorded(statuses);
  try {
    await use(await local.start(), local);
  } finally {
    await local.stop();
  }
}

const put = (records: EcsRecords, service: string, value: number) =>
  records.service(service, () => ({ cluster: "c", service, requestedDeployment: undefined, value }));

it("tries a PUT again that failed, and loses nothing", async () => {
  await recorded([500, 0, 503], async (records, local) => {
    records.attach(true);
    records.task("one", () => ({ arn: "one", value: 1 }));
    put(records, "myapp", 1);
    await records.flush();
    expect(local.attached).toBe(true);
    expect([...local.tasks, ...local.services]).toEqual([
      ["one", 1],
      ["myapp", 1],
    ]);
    expect(local.requests).toBe(4);
    expect(local.errors).toEqual([]);
  });
});

it("sends what changes while a PUT is in progress", async () => {
  await recorded([], async (records, local) => {
    put(records, "myapp", 1);
    local.onRequest = () => {
      local.onRequest = () => {};
      put(records, "myapp", 2);
      put(records, "other", 1);
    };
    await records.flush();
    expect([...local.services]).toEqual([
      ["myapp", 2],
      ["other", 1],
    ]);
  });
});

it("gives up after several failures, says what was answered, and sends all with the next change", async () => {
  await recorded(Array<number>(6).fill(500), async (records, local) => {
    put(records, "myapp", 1);
    await expect(records.flush()).rejects.toThrow("local AWS answered 500 to the lab's records of ECS");
    expect(local.errors).toEqual(["local AWS answered 500 to the lab's records of ECS"]);
    expect(local.requests).toBe(6);
    put(records, "other", 1);
    await records.flush();
    expect([...local.services].map(([name]) => name)).toEqual(["myapp", "other"]);
  });
});

it("says that local AWS can't be reached", async () => {
  const local = new Recorded([]);
  const records = await local.start();
  await local.stop();
  put(records, "myapp", 1);
  await expect(records.flush()).rejects.toThrow(
    /^local AWS can't be reached for the lab's records of ECS: .*ECONNREFUSED/,
  );
});

it("gathers records: a hundred changes are a handful of PUTs", async () => {
  await recorded([], async (records, local) => {
    for (let value = 0; value < 100; value += 1) put(records, `service${value % 10}`, value);
    await records.flush();
    expect(local.services.size).toBe(10);
    expect(local.requests).toBeLessThanOrEqual(2);
  });
});

it("ends with the newest state of everything, whatever fails in between", async () => {
  const changes = fc.array(fc.record({ name: fc.constantFrom("a", "b", "c"), flush: fc.boolean() }), { maxLength: 12 });
  const statuses = fc.array(fc.constantFrom(0, 200, 500), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(changes, statuses, async (all, answers) => {
      await recorded(answers, async (records, local) => {
        const newest = new Map<string, number>();
        for (const [value, { name, flush }] of all.entries()) {
          newest.set(name, value);
          put(records, name, value);
          if (flush) await records.flush();
        }
        await records.flush();
        expect(local.services).toEqual(newest);
      });
    }),
    { numRuns: 25, seed: 20261126 },
  );
});
