import { accountOf, parseArn } from "../../../aws/arn";
import type { AppliedRole } from "../applied/roles";
import { evaluateAccess } from "./iam-policy";
import { TaskFailedToStart } from "../task/task-containers";

/** What a service asks KMS to decrypt for a task. */
export interface Decryption {
  /** Such as `ssm`. */
  readonly service: string;
  /** Key of the encryption context, such as `PARAMETER_ARN`. */
  readonly context: string;
  /** ARN of what is encrypted. */
  readonly resource: string;
}

/**
 * What a task's execution role may read, and ECS's words where it may not. Secrets of other accounts also need a resource
 * policy there, which this doesn't evaluate.
 */
export class ExecutionAccess {
  readonly account: string;

  constructor(
    private readonly role: AppliedRole,
    private readonly region: string,
    private readonly taskId: string,
  ) {
    this.account = accountOf(role.arn)!;
  }

  /** @throws TaskFailedToStart when the role may not. @param from the service, as ECS names it */
  mayRead(action: string, resource: string, from: string): void {
    const because = this.refusal(action, resource);
    if (because !== undefined) throw this.unretrieved(from, `AccessDeniedException: ${because}`);
  }

  /** Why the role may not do something, in IAM's words; `undefined` where it may. */
  refusal(action: string, resource: string): string | undefined {
    const access = evaluateAccess(this.role, { action, resource, context: this.contextOf(resource) });
    if (access.allowed) return undefined;
    const who = `arn:aws:sts::${this.account}:assumed-role/${this.role.name}/${this.taskId}`;
    return `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${access.because}`;
  }

  /** @throws TaskFailedToStart when the role may not decrypt with a customer's key */
  mayDecrypt(keyId: string, { from, ...decryption }: Decryption & { readonly from: string }): void {
    const because = this.decryptionRefusal(keyId, decryption);
    if (because !== undefined) throw this.unretrieved(from, `AccessDeniedException: ${because}`);
  }

  /**
   * Why the role may not decrypt with a customer's key, which its policy has to name too. A service tells KMS what it decrypts.
   * Source: https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
   */
  decryptionRefusal(
    keyId: string,
    { service, context: contextKey, resource: encrypted }: Decryption,
  ): string | undefined {
    const { region, account } = this.ownerOf(encrypted);
    const resource = keyId.startsWith("arn:") ? keyId : `arn:aws:kms:${region}:${account}:key/${keyId}`;
    const context = {
      ...this.contextOf(resource),
      "kms:ViaService": `${service}.${region}.amazonaws.com`,
      [`kms:EncryptionContext:${contextKey}`]: encrypted,
    };
    if (evaluateAccess(this.role, { action: "kms:Decrypt", resource, context }).allowed) return undefined;
    return (
      "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not " +
      "allowed to access."
    );
  }

  /** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html */
  unretrieved(from: string, why: string): TaskFailedToStart {
    return new TaskFailedToStart(
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable " +
        `to retrieve secrets from ${from}: service call has been retried 1 time(s): ${why}`,
    );
  }

  /** ARNs of S3 contain neither. */
  private ownerOf(arn: string): { readonly region: string; readonly account: string } {
    const { region, account } = parseArn(arn) ?? {};
    return { region: region || this.region, account: account || this.account };
  }

  private contextOf(resource: string) {
    const { region, account } = this.ownerOf(resource);
    return {
      "aws:RequestedRegion": region,
      "aws:PrincipalArn": this.role.arn,
      "aws:PrincipalAccount": this.account,
      "aws:ResourceAccount": account,
      "aws:SecureTransport": "true",
    };
  }
}
