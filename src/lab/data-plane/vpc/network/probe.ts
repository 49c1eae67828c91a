import path from "node:path";
import { projectRoot } from "../../../../project-root";
import { command } from "../command";

/** A connection to open: from where, and to where. */
export interface ProbedConnection {
  readonly namespace: string;
  readonly sourcePort: number;
  readonly address: string;
  readonly port: number;
}

/**
 * Opens all connections at once and tells which were answered in time, by a connection or a refusal.
 * @throws Error when this machine has no Python 3.
 */
export async function probe(connections: readonly ProbedConnection[], milliseconds: number): Promise<boolean[]> {
  const script = path.join(projectRoot, "src", "lab", "data-plane", "vpc", "network", "probe.py");
  const attempts = connections.map(({ namespace, sourcePort, address, port }) => [
    namespace,
    sourcePort,
    address,
    port,
  ]);
  return JSON.parse(await command("python3", [script], JSON.stringify({ milliseconds, attempts }))) as boolean[];
}
