import type { Clock } from "../../clock";

/** A container's `healthCheck`, with ECS's defaults filled in. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
export interface HealthCheck {
  /** What to execute in the container: `CMD` and `CMD-SHELL` are resolved. */
  readonly command: readonly string[];
  /** Seconds between two checks, and before the first. 5 to 300. */
  readonly intervalSeconds: number;
  /** Seconds after which a check has failed. 2 to 60. */
  readonly timeoutSeconds: number;
  /** Failures in a row that make the container unhealthy. 1 to 10. */
  readonly retries: number;
  /** Seconds from the container's start in which failures don't count. 0 to 300. */
  readonly startPeriodSeconds: number;
}

export type HealthStatus = "UNKNOWN" | "HEALTHY" | "UNHEALTHY";

/** A health check as the API gives it. */
interface ApiHealthCheck {
  readonly command?: readonly string[];
  readonly interval?: number;
  readonly timeout?: number;
  readonly retries?: number;
  readonly startPeriod?: number;
}

/** @throws Error when the command begins neither with CMD nor with CMD-SHELL, or names nothing to execute. */
export function readHealthCheck(container: string, check: ApiHealthCheck): HealthCheck {
  return {
    command: commandOf(container, check.command ?? []),
    intervalSeconds: check.interval ?? 30,
    timeoutSeconds: check.timeout ?? 5,
    retries: check.retries ?? 3,
    startPeriodSeconds: check.startPeriod ?? 0,
  };
}

function commandOf(container: string, command: readonly string[]): readonly string[] {
  const [form, ...rest] = command;
  if (rest.length > 0 && form === "CMD") return rest;
  if (rest.length > 0 && form === "CMD-SHELL") return ["/bin/sh", "-c", rest.join(" ")];
  throw new Error(
    `Container "${container}": its health check's command is ${JSON.stringify(command)}; it has to be ` +
      `["CMD", file, arguments…] or ["CMD-SHELL", "a line for the shell"].`,
  );
}

/** One check of a container: whether it passed. */
export type Probe = (check: HealthCheck) => Promise<boolean>;

/**
 * Checks a container at its interval as Docker and Fargate's agent do, and calls `onChange` when its status changes. A check
 * that passes ends the start period. Gives a function that ends it.
 */
export function watchHealth(
  check: HealthCheck,
  probe: Probe,
  clock: Clock,
  onChange: (status: HealthStatus) => void,
): () => void {
  const startedAt = clock.now();
  let status: HealthStatus = "UNKNOWN";
  let failures = 0;
  let starting = true;
  let ended = false;
  let cancel = (): void => {};

  const setStatus = (next: HealthStatus): void => {
    if (next === status || ended) return;
    status = next;
    onChange(status);
  };
  const evaluateHealth = (passed: boolean): void => {
    if (clock.now() - startedAt >= check.startPeriodSeconds * 1000) starting = false;
    if (passed) {
      starting = false;
      failures = 0;
      return setStatus("HEALTHY");
    }
    if (starting) return;
    failures += 1;
    if (failures >= check.retries) setStatus("UNHEALTHY");
  };
  const next = (): void => {
    if (ended) return;
    cancel = clock.after(check.intervalSeconds * 1000, () => {
      void probe(check)
        .catch(() => false)
        .then(evaluateHealth)
        .then(next);
    });
  };
  next();
  return () => {
    ended = true;
    cancel();
  };
}
