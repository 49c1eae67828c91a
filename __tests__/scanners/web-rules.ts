import { block } from "./resources";
import type { Rule } from "./rules";

/** Load balancers, their certificates and listeners, alarms and schedules. */
export const webRules: readonly Rule[] = [
  {
    ids: ["CKV_AWS_2", "CKV2_AWS_20", "AWS-0054"],
    type: "aws_lb_listener",
    demands: "it takes HTTPS, or redirects to it",
    passes: ({ protocol, default_action: action }) =>
      protocol === "HTTPS" || block(block(action).redirect).protocol === "HTTPS",
  },
  {
    // checkov accepts policies by how their names begin: TLS-1-2, FS-1-2, and since 2.1.282 TLS13.
    ids: ["CKV_AWS_103"],
    type: "aws_lb_listener",
    demands:
      "HTTPS takes no protocol before TLS 1.2, and HTTP redirects to HTTPS. checkov accepts policies with TLS 1.3 since 2.1.282 (October 2022)",
    passes: ({ protocol, ssl_policy: policy, default_action: action }) =>
      protocol === "HTTPS"
        ? /^ELBSecurityPolicy-TLS13/.test(policy as string)
        : block(block(action).redirect).protocol === "HTTPS",
  },
  {
    ids: ["CKV2_AWS_74", "AWS-0047"],
    type: "aws_lb_listener",
    demands: "HTTPS takes no protocol before TLS 1.2, and strong ciphers only",
    passes: ({ protocol, ssl_policy: policy }) =>
      protocol !== "HTTPS" || policy === "ELBSecurityPolicy-TLS13-1-2-2021-06",
  },
  {
    ids: ["CKV_AWS_131", "AWS-0052"],
    type: "aws_lb",
    demands: "it drops invalid headers",
    passes: ({ drop_invalid_header_fields: drops }) => drops === true,
  },
  {
    ids: ["CKV_AWS_328"],
    type: "aws_lb",
    demands: "it guards against request smuggling",
    passes: ({ desync_mitigation_mode: mode = "defensive" }) => mode !== "monitor",
  },
  {
    ids: ["CKV_AWS_150"],
    type: "aws_lb",
    demands: "it is protected from deletion",
    passes: ({ enable_deletion_protection: isProtected }) => isProtected === true,
  },
  {
    ids: ["CKV_AWS_91"],
    type: "aws_lb",
    demands: "access is logged",
    passes: ({ access_logs: logs }) => block(logs).enabled === true,
    reason:
      "Logs need a bucket of yours, with a policy for load balancers. `accessLogs` of the load balancer names it.",
  },
  {
    ids: ["AWS-0053"],
    type: "aws_lb",
    demands: "it isn't public",
    passes: ({ internal }) => internal === true,
    reason: 'A website is public. `"scheme": "internal"` makes it private.',
  },
  {
    ids: ["CKV2_AWS_28", "CKV2_AWS_76"],
    type: "aws_lb",
    demands: "a public load balancer has a web ACL, with rules against Log4j's vulnerability",
    passes: ({ internal, id }, { aws_wafv2_web_acl_association: all = [] }) =>
      internal === true || JSON.stringify(all).includes(`\${aws_lb.${String(id)}.arn}`),
    reason:
      "A web ACL costs by the request, and your organization writes its rules. `webAclArn` of the load balancer names it. Elixir doesn't use Log4j.",
  },
  {
    ids: ["CKV_AWS_378"],
    type: "aws_lb_target_group",
    demands: "targets get HTTPS",
    passes: ({ protocol }) => protocol !== "HTTP",
    reason:
      "The load balancer ends TLS, and tasks get HTTP inside the VPC, on a port that only the load balancer's security group may reach. HTTPS would need certificates in each container.",
  },
  {
    ids: ["CKV_AWS_261"],
    type: "aws_lb_target_group",
    demands: "it has a health check",
    passes: ({ health_check: check }) => typeof block(check).path === "string",
  },
  {
    ids: ["CKV_AWS_233"],
    type: "aws_acm_certificate",
    demands: "its replacement is created before it is destroyed",
    passes: ({ lifecycle }) => block(lifecycle).create_before_destroy === true,
  },
  {
    ids: ["CKV2_AWS_71"],
    type: "aws_acm_certificate",
    demands: "its name has no wildcard",
    passes: ({ domain_name: name }) => !String(name).includes("*"),
  },
  {
    ids: ["CKV2_AWS_23"],
    type: "aws_route53_record",
    demands: "a record of addresses is an alias of a resource",
    passes: ({ type, alias }) => (type !== "A" && type !== "AAAA") || alias !== undefined,
  },
  {
    ids: ["CKV_AWS_319"],
    type: "aws_cloudwatch_metric_alarm",
    demands: "its actions are enabled",
    passes: ({ actions_enabled: enabled = true }) => enabled === true,
  },
  {
    ids: ["CKV_AWS_297"],
    type: "aws_scheduler_schedule",
    demands: "its target's input is encrypted with a customer key",
    passes: ({ kms_key_arn: key }) => key !== undefined,
    reason:
      "EventBridge Scheduler encrypts it with a key of its own. The input is the task's command, which is also in the task definition's overrides and contains no secret.",
  },
];
