/** A statement of an IAM policy. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html */
export interface PolicyStatement {
  /** @default "Allow" */
  readonly effect?: "Allow" | "Deny";
  /** IAM actions, such as `s3:GetObject`. */
  readonly actions: readonly string[];
  /** ARNs. */
  readonly resources: readonly string[];
}

/** A statement that applies where a condition holds. */
export interface ConditionalStatement extends PolicyStatement {
  readonly condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}
