import { isDeepStrictEqual } from "node:util";
import type { LoadBalancerSpec, TargetAnswer, TargetCheck } from "../../network/load-balancer";
import type { SecurityGroup } from "../../network/security-group";
import type { Firewall } from "../network/firewall";
import { addLink, type Link, removeLink } from "../network/router";
import { checkTarget } from "./check-target";
import { Haproxy } from "./haproxy";

interface Placed {
  spec: LoadBalancerSpec;
  readonly link: Link;
  readonly haproxy: Haproxy;
}

/** Where clients on the internet come from: addresses for documentation, which no VPC has. Source: RFC 5737 */
const internet = { address: "198.51.100.10", cidr: "198.51.100.0/24", group: "internet" };

/** The security group of the internet: it may send to everybody, and the groups of the others decide. */
export const internetGroup: SecurityGroup = {
  id: internet.group,
  ingress: [],
  egress: [{ id: "internet", protocol: "-1", peer: { cidr4: "0.0.0.0/0" } }],
};

/** The load balancers of a VPC, each with a namespace, an address and an HAProxy of its own. */
export class LoadBalancers {
  private readonly placed = new Map<string, Placed>();
  private client: Promise<Link> | undefined;
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly firewall: Firewall) {}

  /** All there are from now on. @throws Error as {@link Haproxy.apply} does; the others are applied all the same */
  apply(specs: readonly LoadBalancerSpec[]): Promise<void> {
    this.turn = this.turn.catch(() => undefined).then(() => this.reconcile(specs));
    return this.turn;
  }

  /** Where a connection to a load balancer is opened, and to which address. */
  async placeOf(id: string): Promise<{ readonly namespace: string; readonly address: string } | undefined> {
    const placed = this.placed.get(id);
    if (!placed) return undefined;
    const { address, internetFacing } = placed.spec;
    const from = internetFacing ? await (this.client ??= this.addClient()) : placed.link;
    return { namespace: from.namespace, address };
  }

  /** @throws Error when there is no such load balancer. */
  async check(id: string, check: TargetCheck): Promise<TargetAnswer> {
    const placed = this.placed.get(id);
    if (!placed) throw new Error(`There is no load balancer ${id}.`);
    return checkTarget(placed.link.namespace, check);
  }

  private async reconcile(specs: readonly LoadBalancerSpec[]): Promise<void> {
    for (const [id, { spec }] of this.placed) {
      const next = specs.find((each) => each.id === id);
      if (!next || !isDeepStrictEqual(place(next), place(spec))) await this.remove(id);
    }
    const failed: unknown[] = [];
    for (const spec of specs) {
      const placed = this.placed.get(spec.id) ?? (await this.add(spec));
      placed.spec = spec;
      await placed.haproxy.apply(spec).catch((error: unknown) => failed.push(error));
    }
    if (failed.length > 0) throw failed[0];
  }

  private async add(spec: LoadBalancerSpec): Promise<Placed> {
    const link = await addLink(spec.address, spec.subnetCidr);
    await this.firewall.attach({ name: link.interface, address: spec.address, groupIds: spec.securityGroupIds });
    const placed = { spec, link, haproxy: new Haproxy(link.namespace) };
    this.placed.set(spec.id, placed);
    return placed;
  }

  private async remove(id: string): Promise<void> {
    const { link, haproxy } = this.placed.get(id)!;
    this.placed.delete(id);
    haproxy.end();
    await removeLink(link);
    await this.firewall.detach(link.interface);
  }

  private async addClient(): Promise<Link> {
    const link = await addLink(internet.address, internet.cidr);
    await this.firewall.attach({ name: link.interface, address: internet.address, groupIds: [internet.group] });
    return link;
  }
}

/** What can't change while it runs. */
const place = ({ address, subnetCidr, securityGroupIds }: LoadBalancerSpec) => ({
  address,
  subnetCidr,
  securityGroupIds,
});
