import type { Check } from "../check";

export const noSelfRule: Check = {
  id: "no-self-rule",
  title: "A security group has no rule for its own members",
  severity: "error",
  rationale:
    "The tasks of one service can't connect to each other. A single task looks healthy. With a second one, and in every rolling deployment, there are two clusters of one node each.",
  remediation:
    "Add an ingress and an egress rule for the distribution ports whose source is the group itself (referenced_security_group_id = its own id, or self = true).",
  limitations: "The check reports nothing if rules are unknown before apply.",
  sources: ["https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"],
  *find({ matrix }) {
    for (const { from, to, state, reasons } of matrix.pairs) {
      if (from !== to || state !== "blocked") continue;
      if (!reasons.every(({ step }) => step === "ingress" || step === "egress")) continue;
      const group = from.endpoint.groups[0] ?? from.resource.address;
      yield {
        address: group.includes(".") ? group : from.resource.address,
        message: `tasks of ${from.name} cannot connect to each other: ${reasons.map(({ text }) => text).join("; ")}`,
      };
    }
  },
};
