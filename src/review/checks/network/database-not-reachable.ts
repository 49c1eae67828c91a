import { databasesOf, names } from "../../network/databases";
import type { Check } from "../check";

export const databaseNotReachable: Check = {
  id: "database-not-reachable",
  title: "A service names a database whose security groups don't let it in",
  severity: "warning",
  rationale:
    "Connections time out: the security groups drop the packets without an answer. The application starts and fails at its first query, or its migration fails and no task starts.",
  remediation:
    "Add an ingress rule for the database's port to its security group, from the service's own group (connectsTo does it), and let the service's egress reach it.",
  limitations:
    "It finds databases (aws_db_instance, aws_rds_cluster) of the same configuration whose address is in a container's plain environment. It reports nothing if the address is part of a secret, if a group or a rule is unknown before apply, and for proxies. It doesn't see rules that another state adds to the database's group.",
  sources: [
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html",
    "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  ],
  *find({ services, resources, firewall }) {
    for (const database of databasesOf(resources))
      for (const { name, containers, endpoint } of services) {
        if (!("known" in containers)) continue;
        const values = containers.known.flatMap(({ environment }) => [...environment.values()]);
        if (!values.some((value) => names(value, database))) continue;
        const { resource, port } = database;
        const isClosed = (direction: "egress" | "ingress") =>
          firewall.passage(direction, endpoint, database.endpoint, port).passes === "no";
        if (isClosed("ingress"))
          yield {
            address: resource.address,
            message: `the groups of ${resource.address} have no rule for port ${port} from ${name}, whose environment names its address`,
          };
        if (isClosed("egress"))
          yield {
            address: resource.address,
            message: `no egress rule lets ${name} reach port ${port} of ${resource.address}`,
          };
      }
  },
};
