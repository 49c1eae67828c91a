const tests = /^(describe|it|test|xdescribe|xit|xtest|fit|fdescribe)([A-Z].*)?$/;

/** The names that a callee begins with: `it` of `it.each(rows)`, `it` and `xit` of `(here ? it : xit)`. */
function namesOf(callee) {
  switch (callee.type) {
    case "Identifier":
      return [callee.name];
    case "MemberExpression":
      return namesOf(callee.object);
    case "CallExpression":
      return namesOf(callee.callee);
    case "TaggedTemplateExpression":
      return namesOf(callee.tag);
    case "ConditionalExpression":
      return [...namesOf(callee.consequent), ...namesOf(callee.alternate)];
    default:
      return [];
  }
}

const isFunction = ({ type }) => /Function/.test(type);

/**
 * A test that returns before its end passes without its expectations; a `describe` that does so has no tests.
 *
 * @type {import("eslint").Rule.RuleModule}
 */
export const noEarlyReturn = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      early:
        "A test that returns early passes without its expectations: skip it with a visible reason (describeWith, it.skip) or split it.",
    },
  },
  create: (context) => ({
    ReturnStatement(node) {
      const within = context.sourceCode.getAncestors(node).findLast(isFunction);
      const call = within?.parent;
      if (call?.type !== "CallExpression" || !call.arguments.includes(within)) return;
      if (!namesOf(call.callee).some((name) => tests.test(name)) || within.body.body.at(-1) === node) return;
      context.report({ node, messageId: "early" });
    },
  }),
};
