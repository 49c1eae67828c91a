import { createSocket } from "node:dgram";
import type { Socket } from "node:dgram";
import { decode, encode } from "dns-packet";

/** A DNS server on loopback that answers A queries with the addresses of the moment, or with nothing at all. */
export class Nameserver {
  readonly #socket: Socket = createSocket("udp4");
  /** A records by name. */
  readonly records = new Map<string, string[]>();
  /** A silent server takes queries and never answers. */
  silent = false;
  /** A queries that were answered so far. */
  answered = 0;

  async start(): Promise<this> {
    this.#socket.on("message", (message, client) => {
      if (this.silent) return;
      const { id, questions } = decode(message);
      const [question] = questions ?? [];
      const addresses = question?.type === "A" ? (this.records.get(question.name) ?? []) : [];
      const answers = addresses.map((data) => ({ type: "A" as const, name: question?.name ?? "", ttl: 0, data }));
      if (question?.type === "A") this.answered += 1;
      this.#socket.send(encode({ type: "response", id, flags: 0x0580, questions, answers }), client.port, client.address);
    });
    await new Promise<void>((bound) => this.#socket.bind(0, "127.0.0.1", bound));
    return this;
  }

  /** The configuration that makes an Erlang VM ask this server alone (ERL_INETRC). */
  get inetrc(): string {
    return `{lookup, [dns]}.\n{resolv_conf, ""}.\n{nameserver, {127,0,0,1}, ${this.#socket.address().port}}.\n`;
  }

  stop(): void {
    this.#socket.close();
  }
}
