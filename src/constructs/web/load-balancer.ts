import { DataAwsLb } from "@cdktf/provider-aws/lib/data-aws-lb";
import { DataAwsLbListener } from "@cdktf/provider-aws/lib/data-aws-lb-listener";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerCertificate } from "@cdktf/provider-aws/lib/lb-listener-certificate";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { shortName } from "../../aws/short-name";
import { heartbeatSeconds } from "../../web-times";
import type { LoadBalancerMetrics } from "../monitoring/watched";
import { expression } from "../reference";
import { Certificate } from "./certificate";
import { DnsZone } from "./dns-zone";
import {
  type ExistingLoadBalancer,
  type LoadBalancerProps,
  type NewLoadBalancer,
  settingsOf,
} from "./load-balancer-props";
import { loadBalancerGroup } from "./load-balancer-group";
import { subnetPerZone } from "./load-balancer-subnets";
import { ambiguousRoutes, type Route } from "./rule-priority";

/**
 * TLS 1.3, and 1.2 for clients that don't know it, with forward secrecy only.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/** Certificates of a listener next to the default one. Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const maxCertificates = 25;

/**
 * The Application Load Balancer of an environment, new or existing. A new one serves HTTPS, redirects HTTP to it, and answers
 * 404 to what no service takes. Services are added by a `WebRoute` each.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
 */
export class LoadBalancer extends Construct {
  /** ARN of the HTTPS listener. */
  readonly listenerArn: string;
  readonly securityGroupId: string;
  /** Whether its security group is of this stack, so that rules can be added to it. */
  readonly ownsSecurityGroup: boolean;
  /** Its own DNS name. */
  readonly dnsName: string;
  /** The hosted zone of that name. */
  readonly zoneId: string;
  /** Whether it has IPv6 addresses: a flag, or the Terraform expression of one. */
  readonly dualStack: boolean | string;
  /** The public zone for records and certificates; `undefined` where DNS is elsewhere. */
  readonly zone: DnsZone | undefined;
  /** Seconds of silence after which it closes a connection; `undefined` where another project decides. */
  readonly idleTimeoutSeconds: number | undefined;
  /** Dimensions of its metrics. */
  readonly metrics: LoadBalancerMetrics;
  private readonly name: string;
  private readonly routes: Route[] = [];
  private readonly certificates = new Map<string, string>();
  private readonly issued = new Map<string, Certificate>();

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { loadBalancer } = props;
    const { zone } = "create" in loadBalancer ? loadBalancer.create : loadBalancer.existing;
    this.zone = zone ? new DnsZone(this, "zone", zone) : undefined;
    this.name = props.name;
    const made =
      "create" in loadBalancer ? this.create(loadBalancer.create, props) : this.lookUp(loadBalancer.existing);
    this.listenerArn = made.listenerArn;
    this.securityGroupId = made.securityGroupId;
    this.ownsSecurityGroup = made.ownsSecurityGroup;
    this.dnsName = made.dnsName;
    this.zoneId = made.zoneId;
    this.dualStack = made.dualStack;
    this.metrics = { LoadBalancer: made.arnSuffix };
    this.idleTimeoutSeconds = made.idleTimeoutSeconds;
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** Adds a service's rule to the listener's, for the check that their order is clear. */
  addRoute(route: Route): void {
    this.routes.push(route);
  }

  /** Adds a certificate to those of the listener; the first one is the default too. */
  addCertificate(id: string, arn: string): void {
    if ([...this.certificates.values()].includes(arn)) return;
    this.certificates.set(id, arn);
    new LbListenerCertificate(this, `certificate-${id}`, { listenerArn: this.listenerArn, certificateArn: arn });
  }

  /** A certificate for these names, the listener's too. Services with the same names share it. */
  issueCertificate(domains: readonly string[]): Certificate {
    const id = [...domains].sort().join("-");
    const issued = this.issued.get(id) ?? new Certificate(this, `issued-${id}`, { domains, zone: this.zone });
    this.issued.set(id, issued);
    this.addCertificate(id, issued.arn);
    return issued;
  }

  private create(props: NewLoadBalancer, { name, network }: LoadBalancerProps) {
    const settings = settingsOf(props);
    const internal = settings.scheme === "internal";
    const group = loadBalancerGroup(this, { name, vpcId: network.vpcId, ...settings });
    const subnets = subnetPerZone(this, network, settings);
    const lb = new Lb(this, "load-balancer", {
      name: shortName(name, ["load-balancer"]),
      loadBalancerType: "application",
      internal,
      ipAddressType: settings.addresses === "dual-stack" ? "dualstack" : "ipv4",
      securityGroups: [group.id],
      subnets: subnets.ids,
      idleTimeout: settings.idleTimeoutSeconds,
      dropInvalidHeaderFields: true,
      enableDeletionProtection: settings.deletionProtection,
      ...(settings.accessLogs ? { accessLogs: { enabled: true, ...settings.accessLogs } } : {}),
      ...(subnets.conditions.length > 0 ? { lifecycle: { precondition: [...subnets.conditions] } } : {}),
      dependsOn: [...network.ready],
    });
    if (settings.webAclArn) {
      new Wafv2WebAclAssociation(this, "web-acl", { resourceArn: lb.arn, webAclArn: settings.webAclArn });
    }
    return {
      listenerArn: this.listeners(lb.arn),
      securityGroupId: group.id,
      ownsSecurityGroup: true,
      dnsName: lb.dnsName,
      zoneId: lb.zoneId,
      arnSuffix: lb.arnSuffix,
      dualStack: settings.addresses === "dual-stack",
      idleTimeoutSeconds: settings.idleTimeoutSeconds,
    };
  }

  /** @returns ARN of the HTTPS listener. */
  private listeners(loadBalancerArn: string): string {
    new LbListener(this, "http", {
      loadBalancerArn,
      port: 80,
      protocol: "HTTP",
      defaultAction: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }],
    });
    return new LbListener(this, "https", {
      loadBalancerArn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: tlsPolicy,
      certificateArn: Lazy.stringValue({ produce: () => [...this.certificates.values()][0] }),
      defaultAction: [
        {
          type: "fixed-response",
          fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
        },
      ],
    }).arn;
  }

  private lookUp({ listenerArn, securityGroupId }: ExistingLoadBalancer) {
    const listener = new DataAwsLbListener(this, "listener", {
      arn: listenerArn,
      lifecycle: {
        postcondition: [
          {
            condition: '${self.protocol == "HTTPS"}',
            errorMessage:
              "loadBalancer.existing.listenerArn must be the ARN of an HTTPS listener: this one is ${self.protocol}.",
          },
        ],
      },
    });
    const lb = new DataAwsLb(this, "load-balancer", {
      arn: listener.loadBalancerArn,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.idle_timeout > ${heartbeatSeconds}}`,
            errorMessage: `The load balancer closes a connection after \${self.idle_timeout} s of silence, and Phoenix's client sends a heartbeat every ${heartbeatSeconds} s: its idle timeout must be above that.`,
          },
        ],
      },
    });
    return {
      listenerArn: listener.arn,
      securityGroupId,
      ownsSecurityGroup: false,
      dnsName: lb.dnsName,
      zoneId: lb.zoneId,
      arnSuffix: lb.arnSuffix,
      dualStack: `${expression(this, lb.ipAddressType)} != "ipv4"`,
      idleTimeoutSeconds: undefined,
    };
  }

  private problems(): string[] {
    const found = [
      ...this.reservedName(),
      ...this.routes.flatMap((route, index) => ambiguousRoutes(route, this.routes.slice(0, index))),
    ];
    const count = this.certificates.size;
    if (count > maxCertificates) {
      return [
        ...found,
        `its listener has ${count} certificates, and AWS allows ${maxCertificates} by default: give several services one certificate, such as that of *.example.com, by certificate.arn`,
      ];
    }
    if (count > 0 || !this.ownsSecurityGroup) return found;
    return [
      ...found,
      "no service has the option web: HTTPS needs a certificate, which comes with the first service that has it",
    ];
  }

  /** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
  private reservedName(): string[] {
    const reserved = this.ownsSecurityGroup && ["internal-", "sg-"].find((prefix) => this.name.startsWith(prefix));
    if (!reserved) return [];
    return [
      `its name begins with "${reserved}", which AWS reserves in names of load balancers and security groups: change what the name "${this.name}" begins with`,
    ];
  }
}
