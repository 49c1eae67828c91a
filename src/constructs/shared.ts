import type { Construct } from "constructs";

/** The child `id` of `scope`, made on first use: for data sources and providers that a stack needs once. */
export function shared<Child extends Construct>(scope: Construct, id: string, make: (id: string) => Child): Child {
  return (scope.node.tryFindChild(id) as Child | undefined) ?? make(id);
}
