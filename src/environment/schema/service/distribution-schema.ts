import { egressRuleDefaults } from "../../../aws/defaults";
import { maxPort } from "../../../aws/network/ports";
import { defaultDistributionPorts, epmdPort } from "../../../distribution";
import * as format from "../formats";
import { certificates } from "./secret-schema";
import { choice, either, list, object, oneOf, wholeNumber, option } from "../shapes";

/** A node listens above the privileged ports: the release doesn't run as root. */
const nodePort = wholeNumber(1024, maxPort);
const ascending = { error: 'a range whose "to" is not below its "from"' };

export const portRange = object({
  from: format.port.describe("First port, 1 to 65535."),
  to: format.port.describe('Last port, 1 to 65535, not below "from".'),
}).refine(({ from, to }) => from <= to, ascending);

const nodePortRange = object({
  from: nodePort.describe("First TCP port, 1024 to 65535.").meta({ examples: [9100] }),
  to: nodePort.describe('Last TCP port, 1024 to 65535, not below "from".').meta({ examples: [9110] }),
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
    `A range of TCP ports to listen on, without ${epmdPort}: epmd, on that port, reports which one a node has.`,
  ),
  singlePort: singlePort
    .describe(`No epmd: every node listens on this one TCP port, 1024 to 65535 without ${epmdPort}.`)
    .meta({ examples: [defaultDistributionPorts.from] }),
  tls: object({
    port: option(
      singlePort.meta({ examples: [9100] }),
      defaultDistributionPorts.from,
      `The TCP port that every node listens on, 1024 to 65535 without ${epmdPort}`,
    ),
    certificates: certificates
      .describe(
        "The nodes' private key, their certificate and that of their authority, which the command `secrets` creates, see docs/encryption.md.",
      )
      .meta({ examples: [{ ssmParameter: "/my-org/prod/node-certificates" }] }),
  }).describe("A single port, over which nodes speak TLS 1.3, and each side must present a certificate."),
}).meta({ id: "distribution" });

const egressRule = object({
  protocol: option(oneOf("tcp", "udp", "all"), egressRuleDefaults.protocol, 'Protocol: "tcp", "udp" or "all"'),
  ports: portRange.optional().describe("Ports, for tcp and udp alone; default: all of them."),
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
