import type { EventEmitter } from "node:events";
import http from "node:http";
import autocannon from "autocannon";
import WebSocket from "ws";
import { systemClock } from "../clock";
import type { Outcome } from "./outcomes";

export interface WebLoadOptions {
  /** Port of 127.0.0.1 that leads to a load balancer. */
  readonly port: number;
  /** Name that a rule of the load balancer forwards. */
  readonly host: string;
  /** Seconds that each slow response takes. */
  readonly slowSeconds: number;
  /** Called with each request that has ended and each socket that was closed. */
  readonly onOutcome: (outcome: Outcome) => void;
}

/** Requests a second, and how many connections carry them; slow responses and sockets that are open at each moment. */
const [requestsPerSecond, connections, slowResponses, sockets] = [30, 6, 6, 9];

/** Milliseconds before a socket that was closed is opened again, and a slow response that failed is begun again. */
const retryMs = 200;

/** A socket is heard of at least so often. */
const heartbeatMs = 1000;

interface Requests extends EventEmitter {
  stop(): void;
}

/**
 * A steady load until it is stopped: requests by autocannon, slow responses one after another on each of some connections,
 * and WebSockets that send a message each second and connect again when they are closed.
 */
export class WebLoad {
  readonly #requests: Requests;
  readonly #sockets = new Set<WebSocket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #agent = new http.Agent({ keepAlive: true });
  #stopped = false;

  constructor(private readonly options: WebLoadOptions) {
    this.#requests = this.#request();
    for (let n = 0; n < slowResponses; n += 1) this.#slow(options.slowSeconds);
    for (let n = 0; n < sockets; n += 1) this.#open();
  }

  /** How many sockets are open now. */
  get openSockets(): number {
    return [...this.#sockets].filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  }

  /** Begins slow responses on top of the steady load. Gives a function after whose call no further one begins. */
  hold(count: number, seconds: number): () => void {
    let released = false;
    for (let n = 0; n < count; n += 1) this.#slow(seconds, () => released);
    return () => (released = true);
  }

  stop(): void {
    this.#stopped = true;
    this.#requests.stop();
    this.#agent.destroy();
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) socket.terminate();
  }

  #request(): Requests {
    const { port, host } = this.options;
    const url = `http://127.0.0.1:${port}/`;
    const limits = { connections, overallRate: requestsPerSecond, timeout: 10, duration: 24 * 3600 };
    const load = autocannon({ url, headers: { host }, ...limits }, () => undefined) as unknown as Requests;
    load.on("response", (_client: unknown, status: number, _bytes: number, milliseconds: number) =>
      this.#ended("request", systemClock.now() - milliseconds, status),
    );
    load.on("reqError", (error: NodeJS.ErrnoException) =>
      this.#ended("request", systemClock.now(), error.code ?? error.message),
    );
    return load;
  }

  /** One slow response, and then the next one; after a failure a moment later. */
  #slow(seconds: number, over = (): boolean => false): void {
    if (this.#stopped || over()) return;
    const { port, host } = this.options;
    const began = systemClock.now();
    const ended = (result: number | string) => {
      this.#ended("slow", began, result);
      if (result === 200) this.#slow(seconds, over);
      else this.#later(retryMs, () => this.#slow(seconds, over));
    };
    const path = `/slow?seconds=${seconds}`;
    const request = http.get({ host: "127.0.0.1", port, path, headers: { host }, agent: this.#agent });
    request.once("response", (response) => response.resume().once("end", () => ended(response.statusCode!)));
    request.once("error", (error: NodeJS.ErrnoException) => ended(error.code ?? error.message));
  }

  #ended(kind: "request" | "slow", began: number, result: number | string): void {
    if (this.#stopped) return;
    const failure = result === 200 ? {} : { failure: String(result) };
    this.options.onOutcome({ at: systemClock.now(), began, kind, ...failure });
  }

  #later(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, milliseconds);
    this.#timers.add(timer);
  }

  #open(): void {
    if (this.#stopped) return;
    const { port, host, onOutcome } = this.options;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { headers: { host } });
    this.#sockets.add(socket);
    let openedAt: number | undefined;
    const heartbeat = setInterval(() => openedAt !== undefined && socket.send("still there?"), heartbeatMs);
    this.#timers.add(heartbeat);
    socket.on("open", () => (openedAt = systemClock.now()));
    // What is wrong, the close event says as well.
    socket.on("error", () => undefined);
    socket.on("close", (closeCode) => {
      clearInterval(heartbeat);
      this.#timers.delete(heartbeat);
      this.#sockets.delete(socket);
      if (this.#stopped) return;
      if (openedAt !== undefined) onOutcome({ at: systemClock.now(), began: openedAt, kind: "socket", closeCode });
      this.#later(retryMs, () => this.#open());
    });
  }
}
