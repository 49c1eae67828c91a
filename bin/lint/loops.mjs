/** The initial value of a constant of the same file, or the expression itself; without TypeScript's `as` and `satisfies`. */
function valueOf(node, scope) {
  if (/^TS(As|Satisfies|NonNull)Expression$/.test(node.type)) return valueOf(node.expression, scope);
  if (node.type !== "Identifier") return node;
  for (let each = scope; each; each = each.upper) {
    const definition = each.set.get(node.name)?.defs[0];
    if (definition?.type === "Variable" && definition.parent.kind === "const" && definition.node.init)
      return definition.node.id.type === "Identifier" ? valueOf(definition.node.init, each) : node;
  }
  return node;
}

/** Whether an expression has at least one item for certain. */
function hasItems(node, scope) {
  const value = valueOf(node, scope);
  switch (value.type) {
    case "ArrayExpression":
      return value.elements.some((each) => each?.type !== "SpreadElement" || hasItems(each.argument, scope));
    case "ObjectExpression":
      return value.properties.some(({ type }) => type === "Property");
    case "CallExpression":
      if (value.callee.name === "notEmpty") return true;
      return value.callee.object?.name === "Object" && hasItems(value.arguments[0], scope);
    default:
      return false;
  }
}

/**
 * Expectations in a loop over an empty list evaluate nothing.
 *
 * @type {import("eslint").Rule.RuleModule}
 */
export const noExpectationOverNothing = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      loop: "This list may be empty, and the test then passes without these expectations: use it.each, or notEmpty (__tests__/not-empty.ts).",
    },
  },
  create(context) {
    const { sourceCode } = context;
    const check = (loop, items, body) => {
      if (!/\bexpect\(/.test(sourceCode.getText(body)) || hasItems(items, sourceCode.getScope(loop))) return;
      context.report({ node: items, messageId: "loop" });
    };
    return {
      ForOfStatement: (node) => check(node, node.right, node.body),
      "CallExpression[callee.property.name='forEach']": (node) => check(node, node.callee.object, node.arguments[0]),
    };
  },
};
