import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../../src/environment";
import { renderHtml } from "../../../src/review/render/html/page";
import { renderMarkdown } from "../../../src/review/render/markdown";
import { describeServers } from "../../../src/review/render/servers";
import { renderTerminal } from "../../../src/review/render/terminal";
import { reviewPlan } from "../../../src/review/review";
import { environmentsApp } from "../../../src/stacks/app/environments-app";
import { synthesize } from "../../../src/stacks/app/synthesis";
import { changed } from "../../environment/example";
import { scratchFolder } from "../../scratch";

type Stack = { resource: Record<string, Record<string, Record<string, unknown>>> };

/** The review of a service that connects to a database by its group's name and a cache by its group's id. */
function reviewed(options: Record<string, unknown> = {}, edit: (stack: Stack) => void = () => undefined) {
  const folder = scratchFolder("out");
  const file = changed({
    "prod/services/myapp/connectsTo": {
      database: { securityGroup: { name: "shop-database" }, port: 5432 },
      cache: { securityGroup: { id: "sg-0fedcba9876543210" }, port: 6379, allowIngress: false },
    },
    "prod/services/myapp/egress": [
      { protocol: "tcp", ports: { from: 443, to: 443 }, cidr: "0.0.0.0/0" },
      { protocol: "udp", ports: { from: 53, to: 53 }, cidr: "10.0.0.2/32" },
    ],
    ...options,
  });
  synthesize(environmentsApp(parseEnvironments(JSON.stringify(file), "file"), folder), () => undefined);
  const stack = JSON.parse(readFileSync(path.join(folder, "stacks/prod/cdk.tf.json"), "utf8")) as Stack;
  edit(stack);
  return reviewPlan(stack);
}

const linesOf = (review: ReturnType<typeof reviewed>) =>
  describeServers(review).map(({ service, server, ports, verdict, reasons }) =>
    [service, server.replace(/ \(.*/, ""), ports, verdict, ...reasons].join(" | "),
  );

describe("the servers in a review", () => {
  it("names the rules of both sides, and says where another state has the rule", () => {
    expect(linesOf(reviewed())).toEqual([
      expect.stringMatching(
        /^myapp \| shop-database \| 5432 \| can connect \| egress by aws_vpc_\S+_egress_rule\.\S*database\S* \| ingress by aws_vpc_\S+_ingress_rule\.\S*database\S*$/,
      ),
      expect.stringMatching(
        /^myapp \| sg-0fedcba9876543210 \| 6379 \| not known \| egress by \S*cache\S* \| ingress not known: sg-0fedcba9876543210 is not in this plan/,
      ),
    ]);
  });

  it("has no nodes of other projects, load balancers or VPC endpoints among them", () => {
    const distribution = { epmd: { from: 9400, to: 9410 } };
    const securityGroup = { name: "billing" };
    const billing = { cluster: "web", node: "billing@billing.other.local", securityGroup, distribution };
    const create = { cidr: "10.0.0.0/16", nat: "one", endpoints: true };
    const others = {
      "prod/vpc": { create },
      "prod/peers": { billing },
      "prod/loadBalancer": { create: { zone: "example.com" } },
      "prod/services/myapp/web": { domain: "www.example.com" },
      "prod/services/myapp/connectsTo": {},
      "prod/services/myapp/extraPorts": [{ from: 9568, to: 9568 }],
    };
    expect(linesOf(reviewed(others))).toEqual([]);
  });

  it("warns where a rule is there on one side only", () => {
    const without = (direction: "egress" | "ingress") =>
      reviewed({}, ({ resource }) => {
        const rules = resource[`aws_vpc_security_group_${direction}_rule`]!;
        for (const name of Object.keys(rules)) if (/database/.test(name)) delete rules[name];
      });
    const warnings = ({ findings }: ReturnType<typeof reviewed>) =>
      findings.filter(({ check }) => check.id === "database-not-reachable").map(({ message }) => message);
    expect(warnings(without("egress"))).toEqual(["no egress rule allows myapp to reach port 5432 of shop-database"]);
    expect(linesOf(without("egress"))[0]).toContain("can't connect | no egress rule | ingress by");
    // The group isn't in the plan: another state may have the rule.
    expect(warnings(without("ingress"))).toEqual([]);
    expect(linesOf(without("ingress")).join()).toMatch(/shop-database .*not known/);
    const own = reviewed({ "prod/services/myapp/connectsTo": {} }, ({ resource }) => {
      resource.aws_security_group!.cache = { name: "cache" };
      const [group] = Object.keys(resource.aws_security_group!).filter((name) => /myapp(?!2)/.test(name));
      resource.aws_vpc_security_group_egress_rule!.cache = {
        security_group_id: `\${aws_security_group.${group}.id}`,
        referenced_security_group_id: "${aws_security_group.cache.id}",
        ip_protocol: "tcp",
        from_port: 6379,
        to_port: 6379,
      };
    });
    expect(warnings(own)).toEqual([
      "the groups of cache have no rule for port 6379 from myapp, whose egress has a rule for it",
    ]);
  });

  it("is in every report", async () => {
    const review = reviewed();
    for (const text of [renderTerminal([review]), renderMarkdown([review]), await renderHtml([review])]) {
      expect(String(text)).toContain("Databases and other servers");
      expect(String(text)).toContain("shop-database");
    }
    const none = reviewed({ "prod/services/myapp/connectsTo": {} });
    expect(String(renderTerminal([none]))).not.toContain("Databases and other servers");
  });
});
