import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { projectRoot } from "../../../../project-root";
import { command } from "../command";
import { findTool } from "../machine";
import type { Shaping } from "../../data-plane";
import type { Link } from "./router";

/** How long packets are kept, in milliseconds: so long, more or less by the jitter. */
export interface Delay {
  readonly delayMs: number;
  readonly jitterMs: number;
}

const none: Delay = { delayMs: 0, jitterMs: 0 };

/** The delays of what a task receives and of what it sends. Several add up. */
export function delaysOf(shapes: readonly Shaping[] = []): { in: Delay; out: Delay } {
  const sum = (other: Shaping["direction"]): Delay =>
    shapes
      .filter(({ direction }) => direction !== other)
      .reduce<Delay>(
        (all, { delayMs = 0, jitterMs = 0 }) => ({ delayMs: all.delayMs + delayMs, jitterMs: all.jitterMs + jitterMs }),
        none,
      );
  return { in: sum("out"), out: sum("in") };
}

/** Something that delays what one interface sends, and stops doing so. */
interface InterfaceDelay {
  set(delay: Delay): Promise<void>;
}

/** Names an interface; a namespace of its own when it is not the router's. */
interface Place {
  readonly device: string;
  readonly namespace?: string;
}

const within = ({ namespace }: Place, file: string, args: readonly string[]): [string, string[]] =>
  namespace ? ["nsenter", [`--net=/run/netns/${namespace}`, "--", file, ...args]] : [file, [...args]];

const run = (place: Place, file: string, args: readonly string[], input?: string) =>
  command(...within(place, file, args), input);

/** The kernel's own: sch_netem. Source: tc-netem(8) */
class Netem implements InterfaceDelay {
  constructor(private readonly place: Place) {}

  async set({ delayMs, jitterMs }: Delay): Promise<void> {
    const { device } = this.place;
    const netem = ["netem", "delay", `${delayMs}ms`, `${jitterMs}ms`, "limit", "100000"];
    const qdisc = delayMs > 0 ? ["replace", "dev", device, "root", ...netem] : ["delete", "dev", device, "root"];
    await run(this.place, "tc", ["qdisc", ...qdisc]);
  }
}

/** Set on frames that have been kept for their time. */
const mark = 7;

/**
 * For kernels without netem: what the interface is about to send is led into a pair of interfaces, at whose other end a
 * process keeps it and then sends it by the interface itself.
 */
class Relay implements InterfaceDelay {
  private process: ChildProcess | undefined;

  constructor(private readonly place: Place) {}

  async set(delay: Delay): Promise<void> {
    const { device } = this.place;
    const table = `netdev delay_${device}`;
    const shelf = `d-${device}`;
    if (this.process) {
      await run(this.place, "nft", ["delete", "table", ...table.split(" ")]);
      this.process.kill("SIGKILL");
      this.process = undefined;
      await run(this.place, "ip", ["link", "delete", shelf]);
    }
    if (delay.delayMs === 0) return;
    const batch = [
      `link add ${shelf} type veth peer name ${shelf}-in`,
      `link set ${shelf} up`,
      `link set ${shelf}-in up`,
    ];
    await run(this.place, "ip", ["-batch", "-"], `${batch.join("\n")}\n`);
    this.process = await startRelay(this.place, shelf, delay);
    const chain = `add chain ${table} out { type filter hook egress device ${device} priority 0; }`;
    const rule = `add rule ${table} out meta mark != ${mark} fwd to ${shelf}-in`;
    await run(this.place, "nft", ["-f", "-"], `add table ${table}\n${chain}\n${rule}\n`);
  }
}

function startRelay(place: Place, shelf: string, { delayMs, jitterMs }: Delay): Promise<ChildProcess> {
  const script = path.join(projectRoot, "src", "lab", "data-plane", "vpc", "network", "delay.py");
  const args = [script, shelf, place.device, String(delayMs), String(jitterMs), String(mark)];
  const child = spawn(...within(place, "python3", args), { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", () => resolve(child));
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`Packets can't be delayed: ${complaint.trim()}`)));
  });
}

type Kind = new (place: Place) => InterfaceDelay;

/** Delays of tasks' links, both ways, with what this kernel has. */
export class Delays {
  private readonly ends = new Map<string, readonly InterfaceDelay[]>();

  private constructor(private readonly kind: Kind | undefined) {}

  /** Tries it at the router's end of an interface that no one needs. */
  static async open(device: string): Promise<Delays> {
    for (const kind of [Netem, Relay]) {
      if (kind === Relay && !findTool("python3")) continue;
      const trial = new kind({ device });
      const works = await trial.set({ delayMs: 1, jitterMs: 0 }).then(
        () => true,
        () => false,
      );
      await trial.set(none).catch(() => undefined);
      if (works) return new Delays(kind);
    }
    return new Delays(undefined);
  }

  get possible(): boolean {
    return this.kind !== undefined;
  }

  /** What does it. */
  get by(): "sch_netem" | "a process" {
    return this.kind === Netem ? "sch_netem" : "a process";
  }

  /** @throws Error where this kernel can't. */
  async set(link: Link, delays: { readonly in: Delay; readonly out: Delay }): Promise<void> {
    const { kind: Kind } = this;
    if (!Kind) throw new Error("Packets can't be delayed here: neither sch_netem nor Python 3 with packet sockets.");
    const ends = this.ends.get(link.interface) ?? [
      new Kind({ device: link.interface }),
      new Kind({ device: "eth0", namespace: link.namespace }),
    ];
    this.ends.set(link.interface, ends);
    const [router, task] = ends;
    await router?.set(delays.in);
    await task?.set(delays.out);
  }

  /** Before the link goes. */
  async forget(link: Link): Promise<void> {
    if (this.ends.has(link.interface)) await this.set(link, delaysOf()).catch(() => undefined);
    this.ends.delete(link.interface);
  }
}
