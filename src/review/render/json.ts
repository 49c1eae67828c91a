import { json, type Markup } from "../../foreign-text";
import type { Comparison, ServiceChange } from "../comparison";
import type { Finding } from "../findings";
import type { Polls } from "../cluster/discovery/polling";
import type { Service } from "../cluster/services";
import type { Review } from "../review";
import { reaches, type ServerLink } from "../servers/servers";
import { summarize } from "./summary";

/** Version of the JSON that `--json` writes; described in docs/review.schema.json. */
export const jsonVersion = 1;

/** Renders reviews as JSON for other programs. Secrets' values are not in it. */
export function renderJson(reviews: readonly Review[]): Markup<"json"> {
  return json({ version: jsonVersion, reviews: reviews.map(review) }, 2);
}

function review(review: Review) {
  const {
    name,
    kind,
    terraformVersion,
    services,
    others,
    matrix,
    stability,
    servers,
    web,
    changes,
    findings,
    suppressed,
  } = review;
  const { unused, assumptions, comparison } = review;
  return {
    name,
    kind,
    ...(terraformVersion !== undefined && { terraformVersion }),
    summary: summarize(review),
    services: services.map(serviceJson),
    others: others.map(({ address }) => address),
    pairs: matrix.pairs.map(({ from, to, state, packets, reasons }) => ({
      from: from.name,
      to: to.name,
      state,
      packets,
      reasons,
    })),
    stability: stability.map(({ service, ...numbers }) => ({ service: service.name, ...numbers })),
    servers: servers.map(({ service, server, address, ports, ...sides }) => ({
      service: service.name,
      server,
      address,
      ports: [ports.from, ports.to],
      reaches: reaches(sides),
      ...sidesJson(sides),
    })),
    deployments: web.map(({ service, targetGroup, strategy, times, deployment }) => ({
      service: service.name,
      targetGroup: targetGroup.address,
      ...(strategy && { strategy }),
      times,
      ...(deployment && { deployment }),
    })),
    ...(changes && { changes }),
    ...(comparison && { comparison: comparisonJson(comparison) }),
    findings: findings.map(findingJson),
    suppressed: suppressed.map(({ finding, reason }) => ({ ...findingJson(finding), reason })),
    unused,
    assumptions,
  };
}

const sidesJson = ({ egress, ingress }: Pick<ServerLink, "egress" | "ingress">) => ({
  egress: { ...egress.passage, rules: egress.rules },
  ingress: { ...ingress.passage, rules: ingress.rules },
});

function serviceJson({ name, resource, basename, dnsName, endpoint, polls, distribution, scale }: Service) {
  const { ports } = distribution;
  return {
    name,
    address: resource.address,
    ...(resource.constructPath !== undefined && { constructPath: resource.constructPath }),
    ...(basename !== undefined && { basename }),
    ...(dnsName !== undefined && { dnsName }),
    securityGroups: endpoint.groups,
    polls: pollsJson(polls),
    distribution: { ...distribution, ports: { ...ports, value: [ports.value.from, ports.value.to] } },
    scale,
  };
}

function comparisonJson(comparison: Comparison) {
  const { against, added, removed, links, stability, newFindings, fixedFindings } = comparison;
  const serviceChange = ({ service, connected }: ServiceChange) => ({
    service: service.name,
    connected: connected.map(({ name }) => name),
  });
  return {
    against,
    added: added.map(serviceChange),
    removed: removed.map(serviceChange),
    links: links.map(({ services, change, reasons }) => ({
      services: services.map(({ name }) => name),
      change,
      reasons,
    })),
    stability: stability.map(({ before, after }) => ({
      service: after.service.name,
      before: before.verdict,
      after: after.verdict,
    })),
    newFindings: newFindings.map(findingJson),
    fixedFindings: fixedFindings.map(findingJson),
  };
}

function pollsJson(polls: Polls) {
  return "known" in polls ? { known: polls.known } : { unknown: polls.unknown };
}

function findingJson({ check, severity, address, constructPath, message }: Finding) {
  return {
    id: check.id,
    severity,
    address,
    ...(constructPath !== undefined && { constructPath }),
    message,
    rationale: check.rationale,
    remediation: check.remediation,
    related: check.related ?? [],
  };
}
