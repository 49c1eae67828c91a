import { ephemeralPorts } from "../../../aws/network/ports";
import type { Resources } from "../../read/resources";
import { NetworkAcls } from "./network-acls";
import type { Place } from "./places";
import { routed } from "./routes";
import { all, common, passes, type Verdict } from "./verdict";

/** Tasks, by their subnets; where these aren't known, nothing is evaluated. */
interface Placed {
  readonly places?: readonly Place[];
}

/** What decides at the borders of subnets, in addition to security groups. */
export type BorderStep = "route" | "network-acl";

export type BorderVerdict = Verdict & { readonly step: BorderStep };

/**
 * Routes and network ACLs between the subnets of two services. What isn't in the plan lets packets through within a VPC:
 * the local route is always there, and a VPC's default network ACL allows everything.
 */
export class Borders {
  private readonly acls: NetworkAcls;
  private readonly known = new Map<string, readonly BorderVerdict[]>();

  constructor(private readonly resources: Resources) {
    this.acls = new NetworkAcls(resources);
  }

  /** What stops a TCP connection to a port, or its replies, and what is unknown about it; empty where it passes. */
  passage(from: Placed, to: Placed, port: number): readonly BorderVerdict[] {
    const [senders, receivers] = [from.places ?? [], to.places ?? []];
    if (senders.length === 0 || receivers.length === 0) return [];
    const key = `${port} ${[senders, receivers].map((places) => places.map(({ name }) => name).join(" ")).join(" / ")}`;
    const known = this.known.get(key);
    if (known) return known;
    const pairs = senders.flatMap((sender) => receivers.map((receiver) => this.between(sender, receiver, port)));
    const verdicts = overall(pairs);
    this.known.set(key, verdicts);
    return verdicts;
  }

  private between(from: Place, to: Place, port: number): Steps {
    const crosses = from.name !== to.name;
    return {
      route: all([routed(from, to, this.resources), routed(to, from, this.resources)]),
      "network-acl": crosses ? this.throughAcls(from, to, port) : passes,
    };
  }

  /** There, and back to any of the ports that Linux connects from: ACLs know no connections. */
  private throughAcls(from: Place, to: Place, port: number): Verdict {
    const there = { from: port, to: port };
    return all([
      this.acls.verdict(from, "egress", to, there),
      this.acls.verdict(to, "ingress", from, there),
      this.acls.verdict(to, "egress", from, ephemeralPorts),
      this.acls.verdict(from, "ingress", to, ephemeralPorts),
    ]);
  }
}

type Steps = Readonly<Record<BorderStep, Verdict>>;

/** One answer for all pairs of subnets: sure where they agree. */
function overall(pairs: readonly Steps[]): readonly BorderVerdict[] {
  const each = pairs.map((pair) => all([pair.route, pair["network-acl"]]));
  const together = common(each);
  if (together.passes === "yes") return [];
  const step = pairs.some(({ route }) => route.passes !== "yes") ? "route" : "network-acl";
  return [{ step, ...together }];
}
