import { TerraformResource, type TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { MovedResource } from "../constructs/moved-resource";
import { shared } from "../constructs/stack-child";

/**
 * Keeps resources whose address has changed since an earlier version. Each entry is a change of the constructs' paths; docs/upgrading.md
 * lists them.
 */
export function keepMovedResources(stack: TerraformStack): void {
  for (const resource of stack.node.findAll()) {
    if (!(resource instanceof TerraformResource)) continue;
    const former = formerPath(resource.node.path.split("/").slice(1));
    if (former === undefined) continue;
    const id = former.pop()!;
    const scope = former.reduce<Construct>((at, part) => shared(at, part, () => new Construct(at, part)), stack);
    new MovedResource(scope, id, resource);
  }
}

/** The path that a resource had, without the stack; `undefined` where it never had another. */
function formerPath([first, , kind, ...rest]: readonly string[]): string[] | undefined {
  // Before 2026-11-26, a stack had one scope for the rules of all pairs; now each cluster has one.
  return first === "clusters" && kind === "pairs" ? ["peering", ...rest] : undefined;
}
