import { dnsClusterVariable, nodesVariable } from "../../../discovery";
import { namesIn } from "../../cluster/discovery/polling";
import { runningDefinitions, type Check } from "../check";

export const twoDiscoveries: Check = {
  id: "two-discoveries",
  title: "A container has the variables of two discoveries",
  severity: "warning",
  rationale: `${nodesVariable} configures libcluster, and ${dnsClusterVariable} activates the DNSCluster that Phoenix generates. Both poll DNS and connect nodes, each in its own interval. If their names differ, one connects nodes that aren't in the other's list.`,
  remediation: `Remove one of the two variables: in this project's layouts, the option discovery sets exactly one of them.`,
  limitations: `The check reads the container's environment, not the application: libcluster may ignore ${nodesVariable}, and DNSCluster may be absent. An empty value counts as not set. If ${dnsClusterVariable} has a name that ${nodesVariable} doesn't have, the finding is an error.`,
  sources: ["https://hexdocs.pm/dns_cluster/DNSCluster.html", "https://hexdocs.pm/libcluster/Cluster.Supervisor.html"],
  *find(subject) {
    for (const { service, definition } of runningDefinitions(subject)) {
      const hosts = (name: string) => namesIn(service.node?.environment.get(name), undefined).map(({ host }) => host);
      const [nodes, queries] = [hosts(nodesVariable), hosts(dnsClusterVariable)];
      if (nodes.length === 0 || queries.length === 0) continue;
      const others = queries.filter((host) => !nodes.includes(host));
      const message = `${service.name} has ${nodesVariable} and ${dnsClusterVariable}: libcluster and DNSCluster both look for its peers`;
      if (others.length === 0) yield { address: definition.address, message };
      else
        yield {
          address: definition.address,
          severity: "error" as const,
          message: `${message}, and DNSCluster for ${others.join(", ")}, which ${nodesVariable} doesn't have`,
        };
    }
  },
};
