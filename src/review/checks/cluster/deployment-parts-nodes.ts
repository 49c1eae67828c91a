import { dialledPorts, dialsElsewhere, listeningPort, packets } from "../../cluster/connections/connection";
import { cookiePlace, sameCookie } from "../../cluster/node/cookies";
import { looksFor } from "../../cluster/discovery/polling";
import { findServices, type Service } from "../../cluster/services";
import { Firewall } from "../../network/firewall";
import type { Check, Subject } from "../check";

export const deploymentPartsNodes: Check = {
  id: "deployment-parts-nodes",
  title: "Old and new tasks can't connect during this deployment",
  severity: "warning",
  rationale:
    "A rolling deployment runs old and new tasks side by side for minutes. If the new tasks have another port, cookie, DNS name, basename or security group, they form a second cluster: singletons run twice, neither cluster gets the other's messages and registered names, and data that only old nodes have is lost.",
  remediation:
    "Use two deployments: first allow both (open the new ports or the new group in addition to the old ones), then switch. A switch between epmd and single-port mode separates no nodes if the single port is the first of the range. A setting with only one value (cookie, DNS name, basename, the single port) needs a deployment that stops the old tasks first (deployment_minimum_healthy_percent = 0, deployment_maximum_percent = 100), unless two clusters for that time do no harm.",
  limitations:
    "The check compares old and new tasks of one service, if the plan knows both. It reports nothing if the basename contains a new version of the image (CLUSTER_VERSION), because versions are then apart on purpose; for services of one task that don't poll themselves; for services that stop all old tasks first; if new tasks can't connect to each other either; and if old and new tasks are both connected to a third service, which connects them.",
  sources: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html",
    "https://www.erlang.org/doc/system/distributed.html",
  ],
  *find(subject) {
    const { before, services, matrix, fallbacks } = subject;
    if (!before) return;
    const olds = findServices(before, { fallbacks }).services;
    const firewall = new Firewall(before);
    for (const now of services) {
      const old = olds.find(({ resource }) => resource.address === now.resource.address);
      const { state } = matrix.pair(now, now);
      if (!old || !overlaps(old, now) || state === "blocked" || state === "not-polled") continue;
      if (now.version !== undefined && old.version !== now.version) continue;
      const why = unconnected(old, now) ?? unnamed(old, now, services) ?? parted(old, now, subject, firewall);
      if (why !== undefined)
        yield {
          address: now.resource.address,
          message: `old and new tasks of ${now.name} are two clusters until the deployment ends: ${why}`,
        };
    }
  },
};

/** Whether old and new tasks run side by side. */
function overlaps({ scale: old }: Service, { resource, scale }: Service): boolean {
  if (resource.actions.length !== 1 || resource.actions[0] !== "update" || old.tasks === 0) return false;
  return scale.maximumPercent > 100 || scale.minimumHealthyPercent > 0;
}

/** Why neither of them dials the port that the other listens on. */
function unconnected(old: Service, now: Service): string | undefined {
  if (!dialsElsewhere(old, now) || !dialsElsewhere(now, old)) return undefined;
  const [was, is] = [old.distribution.mode.value, now.distribution.mode.value];
  if (was !== is) return `distribution mode ${was} → ${is}, and the single port isn't the first of the range`;
  return `port ${listeningPort(old)} → ${listeningPort(now)}, and without epmd a node takes its own port for everybody's`;
}

/** Why neither of them looks for the other, nor any service connects them: each node tells its peers of all others. */
function unnamed(old: Service, now: Service, services: readonly Service[]): string | undefined {
  if (!("known" in old.polls) || !("known" in now.polls)) return undefined;
  const meet = (one: Service, other: Service) => looksFor(one, other) || looksFor(other, one);
  const others = services.filter(({ resource }) => resource.address !== now.resource.address);
  if (meet(old, now) || others.some((other) => meet(old, other) && meet(now, other))) return undefined;
  if (old.dnsName !== undefined && now.dnsName !== undefined && old.dnsName !== now.dnsName)
    return `DNS name ${old.dnsName} → ${now.dnsName}, and neither half looks for the other's`;
  if (old.basename !== undefined && now.basename !== undefined && old.basename !== now.basename)
    return `basename ${old.basename}@ → ${now.basename}@`;
  return undefined;
}

/** Why neither of them can connect to the other. */
function parted(old: Service, now: Service, subject: Subject, before: Firewall): string | undefined {
  const { same } = sameCookie(old.cookie, now.cookie, false);
  const [from, to] = [old, now].map(({ cookie }) => cookiePlace(cookie));
  if (same === false) return "the cookie changes";
  if (from !== undefined && to !== undefined && from !== to) return `the cookie comes from ${to} in place of ${from}`;
  return partedByGroups(old, now, subject, before);
}

/** @param before the rules until the plan is applied */
function partedByGroups(
  old: Service,
  now: Service,
  { firewall, changes = [] }: Subject,
  before: Firewall,
): string | undefined {
  const groups = (service: Service) => service.endpoint.groups.join(" + ");
  if (now.endpoint.groupsOpen !== undefined) return undefined;
  const going = new Set(
    changes.filter(({ change }) => change.actions.includes("delete")).map(({ address }) => address),
  );
  const staying = old.endpoint.groups.filter((group) => !going.has(group));
  if (staying.length === 0 && old.endpoint.groups.length > 0)
    return closedTo(now, old, firewall) && closedTo(old, now, before)
      ? `security group ${groups(old)} is replaced by ${groups(now)}, and no rule lets one into the other`
      : undefined;
  // A deleted group's rules go with it.
  const left = { ...old, endpoint: { ...old.endpoint, groups: staying } };
  const ways = [packets(left, now, firewall), packets(now, left, firewall)];
  if (ways.some(({ pass }) => pass !== "no")) return undefined;
  return ways[0]!.reasons.map(({ text }) => text).join("; ");
}

/** Whether nothing gets in to a service from a group that its rules don't know. */
function closedTo(service: Service, { endpoint }: Service, firewall: Firewall): boolean {
  const untrusted = {
    ...endpoint,
    groups: endpoint.groups.map((group) => `${group} of the other tasks`),
  };
  return dialledPorts(service, service).some(
    (port) => firewall.passage("ingress", untrusted, service.endpoint, port).passes === "no",
  );
}
