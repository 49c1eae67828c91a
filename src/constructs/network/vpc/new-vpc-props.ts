/** How tasks in private subnets reach the internet: one NAT gateway for all zones, one in each, or not at all. */
export type NatGateways = "one" | "each-zone" | "none";

/** Where a VPC's flow logs go: a new log group, or an existing bucket, perhaps with a folder. */
export type FlowLogs = { readonly cloudWatch: { readonly retentionDays: number } } | { readonly s3: string };

/** Properties of a {@link NewVpc}. */
export interface NewVpcProps {
  /** Its tag `Name`, and the prefix of those in it: such as the environment's name. */
  readonly name: string;
  /** Templates of names with `{service}`, for security groups and log groups, and for roles. @default `<name>-{service}` */
  readonly nameTemplates?: { readonly resources: string; readonly roles: string };
  /** Its region. */
  readonly region: string;
  /** Its private IPv4 network, /16 to /22, such as `10.0.0.0/16`. Another one replaces the VPC. */
  readonly cidr: string;
  /** Availability zones, 1–6. More can be added later. @default 3 */
  readonly zones?: number;
  /** @default "one" */
  readonly nat?: NatGateways;
  /** Public subnets and an internet gateway where no NAT gateway needs them: for a load balancer or tasks. @default false */
  readonly publicSubnets?: boolean;
  /** AWS services with a VPC endpoint, by the end of the endpoint's name: `ecr.api`. S3 always has one. @default only S3 */
  readonly endpoints?: readonly string[];
  /** @default none */
  readonly flowLogs?: FlowLogs | undefined;
}
