/**
 * An Application Load Balancer as the data plane needs it: where it listens, what it does with a request, and the targets
 * behind it. Who is a target, and which of them get requests, the control plane decides. Types only.
 */
export interface LoadBalancerSpec {
  /** Such as its ARN. */
  readonly id: string;
  /** Address of its node in the VPC, of `subnetCidr`: an Application Load Balancer has a node in each zone, here it has one. */
  readonly address: string;
  readonly subnetCidr: string;
  readonly securityGroupIds: readonly string[];
  /** Clients of an internet-facing one come from outside of the VPC; those of an internal one from its own subnet. */
  readonly internetFacing: boolean;
  /** Seconds without data after which a connection is closed. */
  readonly idleTimeoutSeconds: number;
  readonly listeners: readonly ListenerSpec[];
  readonly targetGroups: readonly TargetGroupSpec[];
}

export interface ListenerSpec {
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** Names that its certificate is made for, where it has one. */
  readonly names: readonly string[];
  /** Evaluated in this order; the first whose conditions all match acts. */
  readonly rules: readonly RuleSpec[];
  readonly defaultAction: ActionSpec;
}

export interface RuleSpec {
  /** Patterns with `*` and `?`; one of them has to match. Left out: any. */
  readonly hosts?: readonly string[];
  readonly paths?: readonly string[];
  readonly action: ActionSpec;
}

/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html */
export type ActionSpec =
  | { readonly forward: string }
  | { readonly redirect: RedirectSpec }
  | { readonly fixedResponse: { readonly status: number; readonly contentType?: string; readonly body?: string } };

/** Parts of the URL, in which `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}` stand for the request's. */
export interface RedirectSpec {
  readonly status: number;
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly query: string;
}

export interface TargetGroupSpec {
  /** What actions name it by, such as its ARN. */
  readonly id: string;
  readonly protocol: "HTTP" | "HTTPS";
  readonly algorithm: "round_robin" | "least_outstanding_requests";
  /** Seconds for which a client keeps its target, by a cookie. Left out: it doesn't. */
  readonly stickySeconds?: number;
  readonly targets: readonly TargetSpec[];
}

/** A target that is registered, or drains. One that is left out gets nothing any more. */
export interface TargetSpec {
  readonly address: string;
  readonly port: number;
  /** Whether it gets new requests; what has begun goes on in any case. */
  readonly receives: boolean;
}

/** One health check of a target. */
export interface TargetCheck {
  readonly address: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  readonly path: string;
  readonly timeoutSeconds: number;
}

/** What a target answered: a status, or why there was none. */
export type TargetAnswer = { readonly status: number } | { readonly failure: "timeout" | "refused" };
