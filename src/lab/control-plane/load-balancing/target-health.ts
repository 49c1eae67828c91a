import type { Clock } from "../../clock";
import type { TargetAnswer } from "../../data-plane/data-plane";
import type { TargetHealthCheck } from "../applied/target-groups";

/** Source of states and reasons: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
export interface TargetHealth {
  readonly state: "initial" | "healthy" | "unhealthy" | "draining" | "unused";
  readonly reason?: string;
  readonly description?: string;
}

/** States of a target that depend on no check. */
export const targetStates = {
  registering: {
    state: "initial",
    reason: "Elb.RegistrationInProgress",
    description: "Target registration is in progress",
  },
  checking: {
    state: "initial",
    reason: "Elb.InitialHealthChecking",
    description: "Initial health checks in progress",
  },
  draining: {
    state: "draining",
    reason: "Target.DeregistrationInProgress",
    description: "Target deregistration is in progress",
  },
  notInUse: {
    state: "unused",
    reason: "Target.NotInUse",
    description: "Target group is not configured to receive traffic from the load balancer",
  },
} as const satisfies Record<string, TargetHealth>;

/** Milliseconds from the registration of a target to its first check; AWS documents none. */
const firstCheckMs = 1000;

/** Whether a status is among those of a matcher, such as `200-299,301`. */
export const isAccepted = (statuses: string, status: number): boolean =>
  statuses.split(",").some((range) => {
    const [from, to = from] = range.split("-").map(Number);
    return status >= from! && status <= to!;
  });

/**
 * Checks a target at its interval and calls `onChange` when its health changes: one success makes a new target healthy,
 * later it takes as many in a row as the thresholds say. Gives a function that ends it.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function watchTarget(
  check: TargetHealthCheck,
  ask: () => Promise<TargetAnswer>,
  clock: Clock,
  onChange: (health: TargetHealth) => void,
): () => void {
  let state: TargetHealth["state"] = "initial";
  let [successes, failures] = [0, 0];
  let ended = false;
  let cancel = (): void => {};

  const set = (health: TargetHealth): void => {
    if (ended || health.state === state) return;
    state = health.state;
    onChange(health);
  };
  const evaluate = (answer: TargetAnswer): void => {
    const failure = failureOf(check, answer);
    successes = failure ? 0 : successes + 1;
    failures = failure ? failures + 1 : 0;
    if (!failure && (state === "initial" || successes >= check.healthyThreshold)) set({ state: "healthy" });
    if (failure && failures >= check.unhealthyThreshold) set(failure);
  };
  const next = (milliseconds: number): void => {
    if (ended) return;
    cancel = clock.after(milliseconds, () => {
      const from = clock.now();
      void ask()
        .catch((): TargetAnswer => ({ failure: "refused" }))
        .then(evaluate)
        .then(() => next(Math.max(0, check.intervalSeconds * 1000 - (clock.now() - from))));
    });
  };
  next(firstCheckMs);
  return () => {
    ended = true;
    cancel();
  };
}

function failureOf({ statuses }: TargetHealthCheck, answer: TargetAnswer): TargetHealth | undefined {
  if ("status" in answer) {
    if (isAccepted(statuses, answer.status)) return undefined;
    const description = `Health checks failed with these codes: [${answer.status}]`;
    return { state: "unhealthy", reason: "Target.ResponseCodeMismatch", description };
  }
  return answer.failure === "timeout"
    ? { state: "unhealthy", reason: "Target.Timeout", description: "Request timed out" }
    : { state: "unhealthy", reason: "Target.FailedHealthChecks", description: "Health checks failed" };
}
