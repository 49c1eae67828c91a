import { defined, loadBalancerDefaults } from "../../aws/defaults";
import type { Network } from "../network/network";
import type { LoadBalancerSubnets } from "./load-balancer-subnets";

/** Who may send requests: networks, or the members of a managed prefix list such as CloudFront's. */
export type AllowedClients = { readonly cidrs: readonly string[] } | { readonly prefixList: string };

/** A load balancer that is created. */
export interface NewLoadBalancer {
  /** The public Route 53 zone for records and certificates, by name; `false` where DNS is elsewhere. */
  readonly zone: string | false;
  /** `public` has addresses in the internet, `internal` has private ones only. @default "public" */
  readonly scheme?: "public" | "internal" | undefined;
  /** One subnet in each zone, two zones at least. @default the VPC's public ones; those of the tasks for `internal` */
  readonly subnets?: LoadBalancerSubnets | undefined;
  /** `dual-stack` adds IPv6, which the subnets must have. @default "ipv4" */
  readonly addresses?: "ipv4" | "dual-stack" | undefined;
  /** Who may send requests. @default everybody */
  readonly allowedClients?: AllowedClients | undefined;
  /** Seconds of silence after which it closes a connection, 1–4000. @default 55 */
  readonly idleTimeoutSeconds?: number | undefined;
  /** An existing bucket for access logs. @default none are written */
  readonly accessLogs?: { readonly bucket: string; readonly prefix?: string | undefined } | undefined;
  /** Whether it can't be deleted before that is set to `false`. @default true */
  readonly deletionProtection?: boolean | undefined;
  /** ARN of a regional AWS WAF web ACL. @default none */
  readonly webAclArn?: string | undefined;
}

/** A load balancer that another project owns. */
export interface ExistingLoadBalancer {
  /** ARN of its HTTPS listener. */
  readonly listenerArn: string;
  /** Its security group: it must let it reach the tasks. */
  readonly securityGroupId: string;
  /** The public Route 53 zone for records and certificates, by name. @default false: DNS is elsewhere */
  readonly zone?: string | false | undefined;
}

/** Properties of a {@link LoadBalancer}. */
export interface LoadBalancerProps {
  /** A load balancer to create, or one that exists. */
  readonly loadBalancer: { readonly create: NewLoadBalancer } | { readonly existing: ExistingLoadBalancer };
  /** Its name, such as `prod-load-balancer`; AWS gets the beginning of it. */
  readonly name: string;
  /** The VPC that it is in, and the subnets of the tasks. */
  readonly network: Network;
}

/** `props` with every default filled in. */
export const settingsOf = (props: NewLoadBalancer) => ({ ...loadBalancerDefaults, ...defined(props) });

/** The settings of a load balancer that is created. */
export type LoadBalancerSettings = ReturnType<typeof settingsOf>;
