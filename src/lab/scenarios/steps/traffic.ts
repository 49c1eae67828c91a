import type { FlowCounter } from "../../data-plane/data-plane";
import type { Lab } from "../../lab";

/** Packets between tasks, summed up by what became of them and where to. */
export interface Traffic {
  /** Packets that no rule let pass, by the hop that dropped them and the port they were for. */
  readonly denied: readonly DeniedSum[];
  /** Packets that passed, in the direction in which the connection was opened, by port. */
  readonly passed: Readonly<Record<string, number>>;
}

export interface DeniedSum {
  /** `egress`: dropped by the sender's groups; `ingress`: by the receiver's. */
  readonly hop: "egress" | "ingress";
  readonly port: number;
  readonly packets: number;
}

/** What went between the lab's tasks; `within` narrows it to some sources and destinations. */
export async function traffic(lab: Lab, within: (flow: FlowCounter) => boolean = () => true): Promise<Traffic> {
  const addresses = new Set(lab.tasks.map((task) => task.networkInterface?.address));
  const { denied, flows } = await lab.runtime.counters();
  const ours = (flow: FlowCounter) =>
    flow.protocol === "tcp" && addresses.has(flow.source) && addresses.has(flow.destination) && within(flow);
  const sums = new Map<string, DeniedSum>();
  for (const { direction: hop, port, packets } of denied.filter(ours)) {
    const key = `${hop} ${port}`;
    sums.set(key, { hop, port, packets: packets + (sums.get(key)?.packets ?? 0) });
  }
  const passed: Record<string, number> = {};
  for (const { port, packets } of flows.filter(ours)) passed[port] = packets + (passed[port] ?? 0);
  return { denied: [...sums.values()].sort((a, b) => a.port - b.port), passed };
}

/** Packets for ports from one to another that were dropped at a hop. */
export function deniedAt({ denied }: Traffic, hop: DeniedSum["hop"], from: number, to = from): number {
  return denied
    .filter((sum) => sum.hop === hop && sum.port >= from && sum.port <= to)
    .reduce((sum, { packets }) => sum + packets, 0);
}

/** Packets for ports from one to another that passed. */
export function passedTo({ passed }: Traffic, from: number, to = from): number {
  return Object.entries(passed)
    .filter(([port]) => Number(port) >= from && Number(port) <= to)
    .reduce((sum, [, packets]) => sum + packets, 0);
}
