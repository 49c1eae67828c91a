import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

/** Where an alias record points. */
interface AliasTarget {
  readonly dnsName: string;
  /** The hosted zone that AWS keeps the target's own name in. */
  readonly zoneId: string;
  /** Whether it has IPv6 addresses: a flag, or the Terraform expression of one. */
  readonly dualStack: boolean | string;
}

/** A public Route 53 zone of the account, looked up by name. */
export class DnsZone extends Construct {
  readonly zoneId: string;
  private readonly names = new Set<string>();

  /** @param name the zone's name, such as `example.com` */
  constructor(
    scope: Construct,
    id: string,
    readonly name: string,
  ) {
    super(scope, id);
    this.zoneId = new DataAwsRoute53Zone(this, "zone", { name, privateZone: false }).zoneId;
  }

  /** Whether `domain` is the zone's own name or one below it. */
  contains(domain: string): boolean {
    return domain === this.name || domain.endsWith(`.${this.name}`);
  }

  /** Makes `domain` a name of `target`: A, and AAAA where the target has IPv6 addresses. Services that share a name share its records. */
  alias(domain: string, { dnsName, zoneId, dualStack }: AliasTarget): void {
    if (this.names.has(domain)) return;
    this.names.add(domain);
    const alias = { name: dnsName, zoneId, evaluateTargetHealth: true };
    const record = (type: "A" | "AAAA") =>
      new Route53Record(this, `${domain}-${type.toLowerCase()}`, { zoneId: this.zoneId, name: domain, type, alias });
    record("A");
    if (dualStack === false) return;
    const ipv6 = record("AAAA");
    if (dualStack !== true) ipv6.addOverride("count", `\${${dualStack} ? 1 : 0}`);
  }
}
