import type { Layout } from "../../conformance/layout";
import type { Comparison } from "./compare";
import { deniedAlone } from "./denied-alone";

/** What was tried, and what came out. */
export interface TallyFigures {
  readonly layouts: number;
  /** Layouts with more than one VPC, with network ACLs, and with route tables of their own. */
  readonly peered: number;
  readonly withAcls: number;
  readonly withRouteTables: number;
  readonly tasks: number;
  readonly rules: number;
  /** Ordered pairs of tasks. */
  readonly pairs: number;
  /** TCP connections that were tried. */
  readonly connections: number;
  readonly passed: number;
  /** First packets, and the answers to those that passed. */
  readonly packets: number;
  /** Connections that network ACLs alone deny, and the layouts with such; and those that routes alone deny. */
  readonly deniedByAcls: number;
  readonly layoutsDeniedByAcls: number;
  readonly deniedByRoutes: number;
  readonly disagreements: number;
  /** Connections of which the review says unknown: rightly, since others of the same services differ, and out of caution. */
  readonly mixed: number;
  readonly cautious: number;
}

/** Adds figures up over layouts. */
export class Tally {
  private readonly sums = {
    layouts: 0,
    peered: 0,
    withAcls: 0,
    withRouteTables: 0,
    tasks: 0,
    rules: 0,
    pairs: 0,
    connections: 0,
    passed: 0,
    packets: 0,
    deniedByAcls: 0,
    layoutsDeniedByAcls: 0,
    deniedByRoutes: 0,
    disagreements: 0,
    mixed: 0,
    cautious: 0,
  };

  add(layout: Layout, { attempts, passing, disagreements, mixed, cautious }: Comparison): void {
    const { sums } = this;
    const tasks = layout.services.reduce((sum, service) => sum + service.tasks.length, 0);
    sums.layouts += 1;
    sums.peered += layout.vpcs.length > 1 ? 1 : 0;
    sums.withAcls += layout.subnets.some(({ acl }) => acl !== undefined) ? 1 : 0;
    sums.withRouteTables += layout.subnets.some(({ routeTable }) => routeTable !== undefined) ? 1 : 0;
    sums.tasks += tasks;
    sums.rules += layout.groups.reduce((sum, { rules }) => sum + rules.length, 0);
    sums.pairs += tasks * (tasks - 1);
    sums.connections += attempts;
    sums.passed += passing;
    sums.packets += attempts + passing;
    const denied = deniedAlone(layout);
    sums.deniedByAcls += denied.acls;
    sums.layoutsDeniedByAcls += denied.acls > 0 ? 1 : 0;
    sums.deniedByRoutes += denied.routes;
    sums.disagreements += disagreements.length;
    sums.mixed += mixed;
    sums.cautious += cautious;
  }

  figures(): TallyFigures {
    return { ...this.sums };
  }
}
