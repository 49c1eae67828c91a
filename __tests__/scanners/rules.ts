import { bucketRules } from "./bucket-rules";
import { iamRules } from "./iam-rules";
import { networkRules } from "./network-rules";
import type { Resource, Resources } from "./resources";
import { taskRules } from "./task-rules";
import { webRules } from "./web-rules";

/**
 * A rule of checkov (CKV) or trivy (AWS-) for a resource type that stacks contain, with our own reading of it.
 * Sources: https://github.com/bridgecrewio/checkov/tree/main/checkov/terraform/checks,
 * https://github.com/aquasecurity/trivy-checks/tree/main/checks/cloud/aws
 */
export interface Rule {
  readonly ids: readonly string[];
  readonly type: string;
  /** What it demands, in our words. */
  readonly demands: string;
  readonly passes: (resource: Resource, stack: Resources) => boolean;
  /** Where stacks fail it: why, and which option meets it. Without this, every resource passes. */
  readonly reason?: string;
}

export const rules: readonly Rule[] = [...taskRules, ...networkRules, ...iamRules, ...webRules, ...bucketRules];

/** A rule's line in docs/scanners.md. */
export const lineOf = ({ ids, type, demands, reason }: Rule): string => {
  const names = ids.map((id) => `\`${id}\``).join(", ");
  return `- ${names} (\`${type}\`): ${demands}.${reason === undefined ? "" : ` ${reason}`}`;
};
