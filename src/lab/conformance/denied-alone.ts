import type { Layout } from "../../conformance/layout";
import { aclsAllow } from "../../conformance/network-acls";
import { routesLead } from "../../conformance/routes";
import { groupsAllow } from "../../conformance/security-groups";
import { attemptsOf } from "./attempts";

/** Connections that one part of the network denies and all others let pass: there a wrong evaluation of that part shows. */
export function deniedAlone(layout: Layout): { readonly acls: number; readonly routes: number } {
  let [acls, routes] = [0, 0];
  for (const attempt of attemptsOf(layout)) {
    if (!groupsAllow(layout, attempt)) continue;
    const [byAcls, byRoutes] = [!aclsAllow(layout, attempt), !routesLead(layout, attempt)];
    if (byAcls && !byRoutes) acls += 1;
    if (byRoutes && !byAcls) routes += 1;
  }
  return { acls, routes };
}
