import type { Check } from "../check";

export const discoveryRouting: Check = {
  id: "discovery-routing",
  title: "A Cloud Map service doesn't answer with all addresses",
  severity: "error",
  rationale:
    "WEIGHTED routing answers with one address, so a node sees one peer at a time. Records other than A contain no IPv4 address, and the names of nodes in awsvpc tasks contain IPv4 addresses.",
  remediation: 'Use routing_policy = "MULTIVALUE" and a dns_records block of type A.',
  sources: ["https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html"],
  *find({ services }) {
    const seen = new Set<string>();
    for (const { registration, name } of services) {
      if (registration.kind !== "registered" || seen.has(registration.discovery.resource.address)) continue;
      const { resource, routingPolicy, recordTypes, answersDns } = registration.discovery;
      seen.add(resource.address);
      if (!answersDns) continue;
      if (routingPolicy === "WEIGHTED")
        yield {
          address: resource.address,
          message: `routing policy WEIGHTED: an answer has one address, so nodes see one task of ${name} at a time`,
        };
      if (!recordTypes.includes("A"))
        yield { address: resource.address, message: `it registers ${recordTypes.join(" and ") || "no"} records, no A` };
    }
  },
};
