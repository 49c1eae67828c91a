import { block, text } from "../../read/value";
import type { Check } from "../check";

export const healthCheckRedirect: Check = {
  id: "health-check-redirect",
  title: "A redirect counts as healthy",
  severity: "warning",
  rationale:
    "The load balancer checks over HTTP, and Phoenix's force_ssl answers every such request with 301, before the router or the database is used. If 301 counts as healthy, a task that can't serve a page stays in service, and a deployment of a broken release succeeds.",
  remediation:
    'Answer the health path before force_ssl, as docs/phoenix.md shows, or exclude it (force_ssl: [exclude: …]), and set health_check.matcher to "200".',
  sources: [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    "https://hexdocs.pm/plug/Plug.SSL.html",
  ],
  *find({ web }) {
    for (const { service, targetGroup } of web) {
      const matcher = text(block(targetGroup.values.health_check)?.matcher);
      if (matcher === undefined || !matcher.split(",").some(hasRedirect)) continue;
      yield {
        address: targetGroup.address,
        message: `${service.name} is healthy with the status ${matcher}, which includes redirects such as force_ssl's 301`,
      };
    }
  },
};

/** @param part a status or a range of them, such as `200` or `200-399` */
function hasRedirect(part: string): boolean {
  const [from, to = from] = part.trim().split("-").map(Number);
  return from !== undefined && to !== undefined && from < 400 && to >= 300;
}
