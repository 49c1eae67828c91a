import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { IAspect } from "cdktf";
import type { IConstruct } from "constructs";

/** Properties of {@link RoleRules}. */
export interface RoleRulesProps {
  /** ARN of the policy that limits what every role may do. @default none */
  readonly permissionsBoundary?: string | undefined;
  /** Path of every role, beginning and ending with a slash. @default "/" */
  readonly path?: string | undefined;
}

/**
 * Gives every IAM role of a stack the organization's permissions boundary and path, unless the role sets its own:
 * `Aspects.of(stack).add(new RoleRules({ permissionsBoundary }))`.
 *
 * AWS changes a boundary in place. A different path replaces the role, which then needs a different name too: IAM accepts a
 * name once in an account, whatever the path. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export class RoleRules implements IAspect {
  constructor(private readonly props: RoleRulesProps) {}

  visit(node: IConstruct): void {
    if (!(node instanceof IamRole)) return;
    const { permissionsBoundary, path } = this.props;
    if (permissionsBoundary !== undefined && node.permissionsBoundaryInput === undefined)
      node.permissionsBoundary = permissionsBoundary;
    if (path !== undefined && node.pathInput === undefined) node.path = path;
  }
}
