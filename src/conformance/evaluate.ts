import type { Attempt, Layout } from "./layout";
import { aclsAllow } from "./network-acls";
import { routesLead } from "./routes";
import { groupsAllow } from "./security-groups";

/**
 * Whether AWS lets a TCP connection be opened, by its documentation alone: this folder imports nothing of the review and
 * nothing of the lab, so that it can check both. Each rule names the page that it was written from.
 */
export function evaluate(layout: Layout, attempt: Attempt): boolean {
  return routesLead(layout, attempt) && aclsAllow(layout, attempt) && groupsAllow(layout, attempt);
}
