import { randomInt } from "node:crypto";
import { CircuitBreaker } from "./circuit-breaker";

/** One deployment of a service, in the words of https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html */
export interface Deployment<Revision> {
  /** Such as `ecs-svc/1234567890123456789`. */
  readonly id: string;
  /** What its tasks are made from. */
  readonly revision: Revision;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  status: "PRIMARY" | "ACTIVE";
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  rolloutStateReason: string;
  readonly breaker: CircuitBreaker;
}

/** A deployment that has just begun. */
export function beginDeployment<Revision>(revision: Revision, now: number): Deployment<Revision> {
  const id = `ecs-svc/${randomInt(1e9, 1e10)}${randomInt(1e8, 1e9)}`;
  return {
    id,
    revision,
    createdAt: now,
    status: "PRIMARY",
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    breaker: new CircuitBreaker(),
  };
}
