/**
 * Whether a pattern of a policy covers a value: `*` stands for any characters, slashes and colons included, `?` for one.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesWildcard(value: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s").test(value);
}

/** Whether a pattern such as `ssm:Get*` covers an action: IAM compares actions without regard to case. */
export const matchesAction = (action: string, pattern: string): boolean =>
  matchesWildcard(action.toLowerCase(), pattern.toLowerCase());
