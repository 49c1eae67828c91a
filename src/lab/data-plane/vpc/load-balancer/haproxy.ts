import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { advice } from "../../../../advice";
import type { LoadBalancerSpec, TargetGroupSpec } from "../../network/load-balancer";
import { findTool } from "../machine";
import { makeCertificate } from "./certificate";
import { haproxyConfiguration, maxTargets, type Server } from "./haproxy-config";

/** A target's place among the servers of its backend, as long as it is registered. */
type Slots = Map<string, Server>;

let generations = 0;

/** HAProxy in the namespace of a load balancer: targets come and go through its runtime API, listeners by another process. */
export class Haproxy {
  #process: ChildProcess | undefined;
  #admin = "";
  #settings = "";
  #output = "";
  readonly #certificates = new Map<string, string>();
  readonly #slots = new Map<string, Slots>();
  readonly #next = new Map<string, number>();

  constructor(private readonly namespace: string) {}

  /** @throws Error when HAProxy is missing or refuses the configuration, with what it said. */
  async apply(spec: LoadBalancerSpec): Promise<void> {
    const settings = JSON.stringify([
      spec.listeners,
      spec.idleTimeoutSeconds,
      spec.targetGroups.map(({ targets: _, ...group }) => group),
    ]);
    const commands = spec.targetGroups.flatMap((group, index) => this.#moves(group, `group_${index}`));
    if (settings === this.#settings && this.#process) return this.#command(commands);
    await this.#start(spec);
    this.#settings = settings;
  }

  end(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }

  /** The runtime API's commands from the servers as they are to the targets as they should be. */
  #moves({ id, targets }: TargetGroupSpec, backend: string): string[] {
    const slots = this.#slots.get(id) ?? (new Map() as Slots);
    this.#slots.set(id, slots);
    const commands: string[] = [];
    const key = ({ address, port }: { address: string; port: number }) => `${address}:${port}`;
    for (const [target, { name }] of slots) {
      if (targets.some((each) => key(each) === target)) continue;
      slots.delete(target);
      commands.push(`set server ${backend}/${name} state maint`);
    }
    for (const target of targets) {
      const state = target.receives ? "ready" : "drain";
      const known = slots.get(key(target));
      if (known?.state === state) continue;
      const name = known?.name ?? this.#freeSlot(id, slots);
      const { address, port } = target;
      slots.set(key(target), { name, address, port, state });
      if (!known) commands.push(`set server ${backend}/${name} addr ${address} port ${port}`);
      commands.push(`set server ${backend}/${name} state ${state}`);
    }
    return commands;
  }

  /** By turns, so that a place is free for long before another target gets it. */
  #freeSlot(group: string, slots: Slots): string {
    const used = new Set([...slots.values()].map(({ name }) => name));
    if (used.size >= maxTargets) throw new Error(`A target group of the lab takes ${maxTargets} targets at most.`);
    let next = this.#next.get(group) ?? 0;
    while (used.has(`t${next % maxTargets}`)) next += 1;
    this.#next.set(group, next + 1);
    return `t${next % maxTargets}`;
  }

  /** Another process takes over the ports; the one before it ends with its last connection. */
  async #start(spec: LoadBalancerSpec): Promise<void> {
    const haproxy = findTool("haproxy");
    if (!haproxy) throw new Error(`Load balancers need HAProxy. ${advice.installDebianPackages(["haproxy"])}`);
    const base = `/run/haproxy-${(generations += 1)}`;
    const admin = `${base}.sock`;
    for (const { protocol, names } of spec.listeners) if (protocol === "HTTPS") await this.#certificate(names);
    let bodies = 0;
    const servers = (group: TargetGroupSpec) => [...(this.#slots.get(group.id)?.values() ?? [])];
    const text = haproxyConfiguration(
      spec,
      {
        admin,
        certificate: ({ names }) => this.#certificates.get(names.join())!,
        body: (content) => {
          const file = `${base}-${(bodies += 1)}.body`;
          writeFileSync(file, content);
          return file;
        },
      },
      servers,
    );
    writeFileSync(`${base}.cfg`, text);
    const before = this.#process;
    const args = ["-db", "-f", `${base}.cfg`, ...(before?.pid ? ["-sf", String(before.pid)] : [])];
    const child = spawn("ip", ["netns", "exec", this.namespace, haproxy, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#output = "";
    const hear = (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-4096));
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    await this.#ready(child, admin);
    this.#process = child;
    this.#admin = admin;
    const draining = spec.targetGroups.flatMap((group, index) =>
      servers(group).flatMap(({ name, state }) =>
        state === "drain" ? [`set server group_${index}/${name} state drain`] : [],
      ),
    );
    await this.#command(draining);
  }

  async #certificate(names: readonly string[]): Promise<void> {
    if (this.#certificates.has(names.join())) return;
    const file = `/run/certificate-${this.namespace}-${this.#certificates.size}.pem`;
    await makeCertificate(file, names);
    this.#certificates.set(names.join(), file);
  }

  async #ready(child: ChildProcess, admin: string): Promise<void> {
    let ended: string | undefined;
    child.once("error", ({ message }) => (ended = message));
    child.once("exit", (code) => (ended = `exit code ${code}`));
    while (!existsSync(admin) && ended === undefined) await sleep(10);
    if (ended !== undefined) throw new Error(`HAProxy didn't start (${ended}): ${this.#output.trim()}`);
  }

  async #command(commands: readonly string[]): Promise<void> {
    if (commands.length === 0) return;
    const socket = connect(this.#admin);
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    socket.end(`${commands.join(";")}\n`);
    await once(socket, "close");
    const refused = answer.split("\n").find((line) => /No such|Invalid|Require|Unknown|can't|failed/i.test(line));
    if (refused) throw new Error(`HAProxy refused "${commands.join("; ")}": ${refused}`);
  }
}
