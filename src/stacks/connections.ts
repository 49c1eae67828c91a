import type { PortRange } from "../aws/network/ports";
import { Connection } from "../constructs/network/connection";
import type { Egress } from "../constructs/network/security-rules";
import type { ElixirService } from "../constructs/service/elixir-service";
import type { ServiceOptions } from "../environment";

/** What decides whether a service needs an egress rule of its own for a connection. */
interface Surroundings {
  readonly vpcId: string;
  readonly egress: Egress;
  /** The distribution ports that `guarded` egress closes. */
  readonly closedPorts: readonly PortRange[];
}

/** Lets a service's tasks connect to the databases and other servers that it names. */
export function connect(
  service: ElixirService,
  connectsTo: ServiceOptions["connectsTo"],
  { vpcId, egress, closedPorts }: Surroundings,
): void {
  for (const [name, { securityGroup, port, allowIngress }] of Object.entries(connectsTo)) {
    const allowEgress = !allows(egress, port, closedPorts);
    new Connection(service, `connection-${name}`, {
      name,
      service,
      securityGroup,
      vpcId,
      port,
      allowIngress,
      allowEgress,
    });
  }
}

/** Whether egress surely covers a port anywhere. A list covers networks, and the server's address isn't known. */
function allows(egress: Egress, port: number, closedPorts: readonly PortRange[]): boolean {
  if (egress === "open") return true;
  return egress === "guarded" && !closedPorts.some(({ from, to }) => from <= port && port <= to);
}
