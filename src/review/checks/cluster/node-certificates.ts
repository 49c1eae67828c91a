import { certificatesVariable } from "../../../containers/variables";
import { differentCertificates } from "../../cluster/node/certificates";
import { clusters } from "../../cluster/connections/partitions";
import type { Service } from "../../cluster/services";
import type { Check } from "../check";

export const nodeCertificates: Check = {
  id: "node-certificates",
  title: "Nodes that encrypt lack certificates, or have them from different places",
  severity: "error",
  rationale:
    "With distribution over TLS each side of a connection must present a certificate that the other side's authority signed. A node without certificates doesn't start, and nodes with certificates of two authorities refuse each other.",
  remediation: `Inject ${certificatesVariable} from the same SecureString into every service of the cluster.`,
  limitations:
    "The check reads the mode from DISTRIBUTION_MODE. Two parameters may contain certificates of one authority, which a plan doesn't show.",
  sources: ["https://www.erlang.org/doc/apps/ssl/ssl_distribution"],
  *find({ services, matrix }) {
    const encrypting = services.filter(({ distribution }) => distribution.mode.value === "tls");
    for (const { name, certificates, resource } of encrypting) {
      const wrong =
        certificates.kind === "missing"
          ? `${name} has no ${certificatesVariable}: its nodes don't start`
          : certificates.kind === "plain"
            ? `${name} has ${certificatesVariable}, and with it its nodes' private key, in its plain environment, which plan and state contain`
            : undefined;
      if (wrong !== undefined) yield { address: resource.address, message: wrong };
    }
    for (const cluster of clusters(matrix)) {
      const [first, ...rest] = cluster.filter((service) => encrypting.includes(service));
      for (const service of rest) {
        const text = differentCertificates(first!.certificates, service.certificates);
        if (text !== undefined) yield { address: service.resource.address, message: message(first!, service, text) };
      }
    }
  },
};

const message = (one: Service, other: Service, text: string) =>
  `${one.name} and ${other.name} are one cluster, and ${text}`;
