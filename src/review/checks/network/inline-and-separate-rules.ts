import type { Check } from "../check";

export const inlineAndSeparateRules: Check = {
  id: "inline-and-separate-rules",
  title: "A security group with inline rules and with rule resources",
  severity: "warning",
  rationale:
    "Inline blocks are the complete list: one apply removes what rule resources added, and the next adds it again. The cluster breaks with every second apply.",
  remediation: "Use only rule resources, one for each rule.",
  sources: ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group"],
  *find({ resources, firewall }) {
    for (const { address } of resources.of("aws_security_group", "aws_default_security_group"))
      for (const direction of ["ingress", "egress"] as const) {
        const rules = firewall.rulesOf(direction, address);
        const separate = rules.find(({ origin, unsure }) => origin === "resource" && unsure === undefined);
        if (separate && rules.some(({ origin }) => origin === "inline"))
          yield { address, message: `it has inline ${direction} blocks, and ${separate.address} adds to them` };
      }
  },
};
