import { showPorts } from "../../../aws/network/ports";
import type { Check } from "../check";

export const databaseNotReachable: Check = {
  id: "database-not-reachable",
  title: "A service can't connect to a database or server that it uses",
  severity: "warning",
  rationale:
    "The security groups drop the packets without an answer, so connections time out. The application starts and fails at its first query, or its migration fails and no task starts.",
  remediation:
    "In the database's security group, allow ingress on its port from the service's own group (connectsTo does that). Allow the service's egress to the database.",
  limitations:
    "The check finds databases (aws_db_instance, aws_rds_cluster) of the same configuration whose address is in a container's plain environment, and servers whose security group a rule names on one side only. It reports nothing if the address is part of a secret, if a group or a rule is unknown before apply, and for proxies. It doesn't see rules that another state adds: if the server's group isn't in the plan, the review's section on databases reports that side as unknown.",
  sources: [
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html",
    "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  ],
  *find({ servers }) {
    for (const { service, server, address, isDatabase, ports, egress, ingress } of servers) {
      const why = isDatabase ? "whose environment names its address" : "whose egress has a rule for it";
      if (ingress.passage.passes === "no")
        yield {
          address: isDatabase ? address : (egress.rules[0] ?? address),
          message: `the groups of ${server} have no rule for port ${showPorts(ports)} from ${service.name}, ${why}`,
        };
      if (egress.passage.passes === "no")
        yield {
          address: isDatabase ? address : (ingress.rules[0] ?? address),
          message: `no egress rule allows ${service.name} to reach port ${showPorts(ports)} of ${server}`,
        };
    }
  },
};
