import type { Rule } from "./rules";

const everywhere = new Set<unknown>(["0.0.0.0/0", "::/0"]);
const isOpen = ({ cidr_ipv4, cidr_ipv6 }: Readonly<Record<string, unknown>>) =>
  everywhere.has(cidr_ipv4) || everywhere.has(cidr_ipv6);
const egressReason =
  'By default (`"egress": "guarded"`), tasks may connect to all addresses, except by distribution ports. A list in `egress` names the networks that they may reach.';

/** Security groups and their rules. */
export const networkRules: readonly Rule[] = [
  ...["aws_security_group", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"].map(
    (type): Rule => ({
      ids: ["CKV_AWS_23", type === "aws_security_group" ? "AWS-0099" : "AWS-0124"],
      type,
      demands: "it has a description",
      passes: ({ description }) => typeof description === "string" && description !== "",
    }),
  ),
  {
    ids: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_277"],
    type: "aws_vpc_security_group_ingress_rule",
    demands: "the internet reaches neither SSH, RDP nor all ports",
    passes: (rule) => !isOpen(rule) || rule.from_port === 80 || rule.from_port === 443,
  },
  {
    ids: ["CKV_AWS_260", "AWS-0107"],
    type: "aws_vpc_security_group_ingress_rule",
    demands: "the internet reaches neither HTTP nor another port",
    passes: (rule) => !isOpen(rule),
    reason:
      "A public load balancer takes HTTPS from everywhere, and HTTP to redirect it. `allowedClients` of the load balancer names networks or a prefix list, such as CloudFront's. No task is reached from the internet.",
  },
  {
    ids: ["CKV2_AWS_5"],
    type: "aws_security_group",
    demands: "a service or a load balancer uses it",
    passes: ({ id }, { aws_ecs_service: services = [], aws_lb: loadBalancers = [] }) =>
      JSON.stringify([services, loadBalancers]).includes(`\${aws_security_group.${String(id)}.id}`),
  },
  {
    ids: ["CKV_AWS_382"],
    type: "aws_vpc_security_group_egress_rule",
    demands: "no rule lets port -1 out to all addresses",
    passes: (rule) => rule.from_port !== -1 || !isOpen(rule),
    reason: `The rule for ICMP has port -1, which is every ICMP type. ${egressReason}`,
  },
  {
    ids: ["AWS-0104"],
    type: "aws_vpc_security_group_egress_rule",
    demands: "no rule lets tasks connect to all addresses",
    passes: (rule) => !isOpen(rule),
    reason: egressReason,
  },
];
