import { accountOf, lastPartOf } from "../../../aws/arn";
import { readRole } from "../applied/roles";
import { evaluateAccess } from "../access/iam-policy";
import type { AwsClients } from "../../local-aws/aws-clients";
import type { Clock } from "../../clock";
import type { AgentAnswer, TaskAgent } from "../../data-plane/data-plane";

/** Minutes. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateTaskProtection.html */
const [defaultMinutes, maxMinutes] = [120, 2880];

/** The task that protects itself, and what decides whether it may. */
export interface ProtectedTask {
  readonly arn: string;
  readonly clusterArn: string;
  readonly taskRoleArn: string | undefined;
  readonly clients: AwsClients;
  readonly clock: Clock;
  /** Whether the service has as many protected tasks as it should have tasks: ECS then protects no further one. */
  readonly isBlocked: () => boolean;
  /** Called when the task is protected, and when it no longer is. */
  readonly onChange: () => void;
}

/**
 * A task's protection from scaling in and from deployments, as ECS's agent sets it on request of the task's own containers and
 * with the task's role.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
 */
export class TaskProtection implements TaskAgent {
  #expiresAt: number | undefined;
  #cancelExpiry: (() => void) | undefined;

  constructor(private readonly task: ProtectedTask) {}

  get enabled(): boolean {
    return this.#expiresAt !== undefined;
  }

  async taskProtection(body?: string): Promise<AgentAnswer> {
    const { arn, isBlocked } = this.task;
    const request = body === undefined ? undefined : requested(body);
    if (request === "invalid") return failed(400, "InvalidParameterException", `Invalid request: ${body}`, arn);
    const refused = await this.#refused(request ? "ecs:UpdateTaskProtection" : "ecs:GetTaskProtection");
    if (refused) return refused;
    if (request?.enabled && !this.enabled && isBlocked())
      return { status: 200, body: { failure: { Arn: arn, Detail: null, Reason: "DEPLOYMENT_BLOCKED" } } };
    if (request) this.#set(request.enabled ? request.minutes : undefined);
    const ExpirationDate = this.#expiresAt === undefined ? null : new Date(this.#expiresAt).toISOString();
    return { status: 200, body: { protection: { ExpirationDate, ProtectionEnabled: this.enabled, TaskArn: arn } } };
  }

  #set(minutes: number | undefined): void {
    const { clock, onChange } = this.task;
    this.#cancelExpiry?.();
    this.#expiresAt = minutes === undefined ? undefined : clock.now() + minutes * 60_000;
    this.#cancelExpiry = minutes === undefined ? undefined : clock.after(minutes * 60_000, () => this.#set(undefined));
    onChange();
  }

  /** The agent's answer where the task's role may not do that. */
  async #refused(action: string): Promise<AgentAnswer | undefined> {
    const { arn, clusterArn, taskRoleArn, clients } = this.task;
    const role = taskRoleArn === undefined ? undefined : await readRole(clients, taskRoleArn);
    if (!role) {
      const noRole = "Invalid Request: no task IAM role credentials available for task";
      return failed(403, "AccessDeniedException", noRole, arn);
    }
    const context = { "ecs:cluster": clusterArn, "aws:RequestedRegion": clients.region };
    const access = evaluateAccess(role, { action, resource: arn, context });
    if (access.allowed) return undefined;
    const who = `arn:aws:sts::${accountOf(role.arn)}:assumed-role/${role.name}/${lastPartOf(arn)}`;
    const message = `User: ${who} is not authorized to perform: ${action} on resource: ${arn} ${access.because}`;
    return failed(400, "AccessDeniedException", message, arn);
  }
}

const failed = (status: number, Code: string, Message: string, Arn: string): AgentAnswer => ({
  status,
  body: { error: { Arn, Code, Message } },
});

/** What a PUT asks for. */
function requested(body: string): { readonly enabled: boolean; readonly minutes: number } | "invalid" {
  try {
    const { ProtectionEnabled: enabled, ExpiresInMinutes: minutes = defaultMinutes } = JSON.parse(body) as {
      readonly ProtectionEnabled?: unknown;
      readonly ExpiresInMinutes?: unknown;
    };
    const known = typeof enabled === "boolean" && Number.isInteger(minutes);
    return known && (minutes as number) >= 1 && (minutes as number) <= maxMinutes
      ? { enabled, minutes: minutes as number }
      : "invalid";
  } catch {
    return "invalid";
  }
}
