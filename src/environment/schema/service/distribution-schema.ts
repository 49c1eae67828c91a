import { egressRuleDefaults } from "../../../aws/defaults";
import { maxPort } from "../../../aws/network/ports";
import { defaultDistributionPorts, epmdPort, lowestNodePort } from "../../../distribution";
import * as format from "../formats";
import { certificates } from "./secret-schema";
import { choice, either, list, object, oneOf, option, range, wholeNumber } from "../shapes";

const nodePort = wholeNumber(lowestNodePort, maxPort);
const ascending = { error: 'a range whose "to" is not below its "from"' };

export const portRange = object({
  from: format.port.describe(`First port, ${range(format.port)}.`),
  to: format.port.describe(`Last port, ${range(format.port)}, not below "from".`),
}).refine(({ from, to }) => from <= to, ascending);

const nodePortRange = object({
  from: nodePort.describe(`First TCP port, ${range(nodePort)}.`).meta({ examples: [9100] }),
  to: nodePort.describe(`Last TCP port, ${range(nodePort)}, not below "from".`).meta({ examples: [9110] }),
})
  .refine(({ from, to }) => from <= to, ascending)
  .refine(({ from, to }) => to < epmdPort || epmdPort < from, {
    error: `a range without ${epmdPort}, which is epmd's own port`,
  });

const singlePort = nodePort.refine((port) => port !== epmdPort, {
  error: `a port other than ${epmdPort}, which is epmd's own`,
});

/** How nodes find each other's port. Source: https://www.erlang.org/doc/apps/kernel/kernel_app */
export const distribution = choice({
  epmd: nodePortRange.describe(
    `A range of TCP ports to listen on, without ${epmdPort}, on which epmd reports the port of each node.`,
  ),
  singlePort: singlePort
    .describe(`No epmd: every node listens on this one TCP port, ${range(nodePort)} without ${epmdPort}.`)
    .meta({ examples: [defaultDistributionPorts.from] }),
  tls: object({
    port: option(
      singlePort.meta({ examples: [9100] }),
      defaultDistributionPorts.from,
      `The TCP port that every node listens on, without ${epmdPort}`,
    ),
    certificates: certificates
      .describe(
        "The nodes' private key, their certificate and that of their authority. The command `secrets` creates them, see docs/encryption.md.",
      )
      .meta({ examples: [{ ssmParameter: "/my-org/prod/node-certificates" }] }),
  }).describe("A single port on which nodes speak TLS 1.3. Each side must present a certificate."),
}).meta({ id: "distribution" });

const egressRule = object({
  protocol: option(oneOf("tcp", "udp", "all"), egressRuleDefaults.protocol, 'Protocol: "tcp", "udp" or "all"'),
  ports: portRange.optional().describe("Ports, for tcp and udp only; default: all ports."),
  cidr: format.cidr.describe("The network that tasks may connect to."),
}).refine(({ protocol, ports }) => protocol !== "all" || ports === undefined, {
  path: ["ports"],
  error: 'no ports with protocol "all": choose "tcp" or "udp"',
});

/** What tasks may connect to outside. */
export const egress = either(
  [oneOf("guarded", "open"), list(egressRule, "egress rules { protocol, ports, cidr }")],
  '"guarded", "open" or a list of egress rules { protocol, ports, cidr }',
).meta({ id: "egress", examples: [[{ ports: { from: 443, to: 443 }, cidr: "0.0.0.0/0" }]] });
