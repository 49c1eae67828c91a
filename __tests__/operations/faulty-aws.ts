import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import { json } from "node:stream/consumers";

/** A fault that AWS answers with rather than with what was asked for. */
export interface Fault {
  /** What of the requests it hits: a part of their `x-amz-target`, or `Action=…` of their body. */
  readonly operation: string;
  /** AWS's name of the error. */
  readonly error: string;
  readonly message: string;
  /** How many requests it hits. @default all */
  times?: number;
  /** How many requests pass before. @default none */
  after?: number;
  /** HTTP status. @default 400 */
  readonly status?: number;
}

/** An answer of AWS's that local AWS never gives. */
export interface Answer {
  readonly operation: string;
  readonly body: object;
}

/** Makes the SDK's random waits between attempts short, until mocks are restored: up to 31 s become 0.3 s. */
export const shortWaits = () => jest.spyOn(Math, "random").mockReturnValue(0.01);

/** A proxy between the SDK and local AWS that answers some requests with faults of AWS; it passes on all others, and pages tasks. */
export class FaultyAws {
  readonly #faults: Fault[] = [];
  readonly #answers: Answer[] = [];
  #held: { readonly operation: string; readonly reached: () => void } | undefined;
  #meanwhile: { readonly operation: string; readonly happens: () => Promise<unknown> } | undefined;
  /** Operations in the order in which they were asked for. */
  readonly asked: string[] = [];
  /** What each request of a JSON protocol contained. */
  readonly requests: { readonly operation: string; readonly body: Readonly<Record<string, unknown>> }[] = [];

  private constructor(
    private readonly server: Server,
    readonly endpoint: string,
  ) {}

  static async inFrontOf(target: string): Promise<FaultyAws> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const faulty = new FaultyAws(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("request", (incoming: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => void faulty.#answer(target, incoming, Buffer.concat(chunks), response));
    });
    return faulty;
  }

  /** Answers an operation of a JSON protocol with that from now on. */
  answer(answer: Answer): void {
    this.#answers.push(answer);
  }

  add(fault: Fault): void {
    this.#faults.push(fault);
  }

  /** From now on an operation gets no answer. @returns done when it has been asked for. */
  hold(operation: string): Promise<void> {
    return new Promise((reached) => (this.#held = { operation, reached }));
  }

  /** Lets later requests pass again. */
  release(): void {
    this.#held = undefined;
  }

  /** What happens in AWS right before it answers an operation, the next time that it is asked for. */
  meanwhile(operation: string, happens: () => Promise<unknown>): void {
    this.#meanwhile = { operation, happens };
  }

  clear(): void {
    this.release();
    this.#meanwhile = undefined;
    this.#faults.length = 0;
    this.#answers.length = 0;
    this.asked.length = 0;
    this.requests.length = 0;
  }

  /** How often an operation was asked for. */
  count = (operation: string): number => this.asked.filter((asked) => asked.endsWith(operation)).length;

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(target: string, incoming: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const operation = String(
      incoming.headers["x-amz-target"] ?? /(?:^|&)Action=(\w+)/.exec(body.toString())?.[1] ?? "",
    );
    this.asked.push(operation);
    if (incoming.headers["x-amz-target"]) this.requests.push({ operation, body: JSON.parse(body.toString()) });
    if (this.#held && operation.endsWith(this.#held.operation)) return this.#held.reached();
    const fault = this.#faults.find(
      (one) => operation.endsWith(one.operation) && (one.times ?? 1) > 0 && (one.after ?? 0) <= 0,
    );
    for (const one of this.#faults) if (one.after && operation.endsWith(one.operation)) one.after -= 1;
    if (fault) {
      if (fault.times !== undefined) fault.times -= 1;
      return fail(incoming, response, fault);
    }
    const answer = this.#answers.find((one) => operation.endsWith(one.operation));
    if (answer) return void response.end(JSON.stringify(answer.body));
    if (this.#meanwhile && operation.endsWith(this.#meanwhile.operation)) {
      const { happens } = this.#meanwhile;
      this.#meanwhile = undefined;
      await happens();
    }
    if (operation.endsWith(".DescribeTasks") && !areTaskIds(body)) return fail(incoming, response, noTaskId);
    const headers = { ...incoming.headers, host: new URL(target).host };
    const passed = request(new URL(incoming.url!, target), { method: incoming.method, headers }, (reply) => {
      if (operation.endsWith(".ListTasks")) return void answerInPages(body, reply, response);
      response.writeHead(reply.statusCode!, reply.headers);
      // With `pipe`, a reply to a client that has gone would keep its socket: nobody reads it to its end.
      pipeline(reply, response, () => undefined);
    });
    passed.on("error", (error) => response.destroy(error));
    passed.end(body);
  }
}

const noTaskId = {
  operation: "DescribeTasks",
  error: "InvalidParameterException",
  message: "taskId length should be one of [32,36]",
};

/** ECS refuses a whole call for one id of another length; local AWS passes over it. */
function areTaskIds(body: Buffer): boolean {
  const { tasks } = JSON.parse(body.toString()) as { readonly tasks: readonly string[] };
  return tasks.every((task) => [32, 36].includes(task.split("/").at(-1)!.length));
}

/** ECS lists 100 tasks at once, or as many as it is asked for; local AWS lists all. */
async function answerInPages(body: Buffer, reply: IncomingMessage, response: ServerResponse): Promise<void> {
  const { maxResults = 100, nextToken = "0" } = JSON.parse(body.toString()) as {
    readonly maxResults?: number;
    readonly nextToken?: string;
  };
  const { taskArns = [], ...rest } = (await json(reply)) as { readonly taskArns?: readonly string[] };
  const end = Number(nextToken) + maxResults;
  const next = end < taskArns.length ? { nextToken: String(end) } : {};
  response.writeHead(reply.statusCode!, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify({ ...rest, taskArns: taskArns.slice(Number(nextToken), end), ...next }));
}

/** In the form of the protocol that the request was in. */
function fail(incoming: IncomingMessage, response: ServerResponse, { error, message, status = 400 }: Fault): void {
  if (incoming.headers["x-amz-target"]) {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": error });
    response.end(JSON.stringify({ __type: error, message }));
    return;
  }
  response.writeHead(400, { "content-type": "text/xml" });
  response.end(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${error}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
  );
}
