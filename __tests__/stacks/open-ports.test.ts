import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { SecurityGroupRule } from "@cdktf/provider-aws/lib/security-group-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ElixirService } from "../../src/constructs/service/elixir-service";
import type { ElixirClusterStack } from "../../src/stacks/elixir-cluster-stack";
import { findingsOf, service, stackOf } from "./environment";

/** The errors of a stack after a change to its service `myapp`. */
function saidAfter(add: (stack: ElixirClusterStack, myapp: ElixirService) => void, options: object = {}): string[] {
  const stack = stackOf({ services: { myapp: service() }, ...options });
  add(stack, stack.services.get("myapp")!);
  return findingsOf(stack).errors;
}
const advice = "allow nodes by security group, as members of its cluster";

describe("a distribution port that an address range may reach is refused", () => {
  it("by a rule of its own", () => {
    const said = saidAfter((stack, { securityGroupId }) => {
      const config = { securityGroupId, cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 4000, toPort: 5000 };
      new VpcSecurityGroupIngressRule(stack, "world", config);
    });
    expect(said).toEqual([`prod/world opens the distribution port 4369 of "myapp" to 0.0.0.0/0: ${advice}`]);
  });

  it("by a rule for all traffic, from IPv6", () => {
    const said = saidAfter((stack, { securityGroupId }) => {
      new VpcSecurityGroupIngressRule(stack, "world", { securityGroupId, cidrIpv6: "::/0", ipProtocol: "-1" });
    });
    expect(said).toEqual([`prod/world opens the distribution port 4369 of "myapp" to ::/0: ${advice}`]);
  });

  it("by a prefix list, which is address ranges too", () => {
    const said = saidAfter((stack, { securityGroupId }) => {
      const config = { securityGroupId, prefixListId: "pl-0abc1234", ipProtocol: "tcp", fromPort: 9010, toPort: 9010 };
      new VpcSecurityGroupIngressRule(stack, "list", config);
    });
    expect(said).toEqual([`prod/list opens the distribution port 9000–9010 of "myapp" to pl-0abc1234: ${advice}`]);
  });

  it("by the older kind of rule", () => {
    const said = saidAfter((stack, { securityGroupId }) => {
      const config = { securityGroupId, type: "ingress", cidrBlocks: ["10.0.0.0/8"], protocol: "tcp" };
      new SecurityGroupRule(stack, "old", { ...config, fromPort: 9000, toPort: 9000 });
      new SecurityGroupRule(stack, "old-out", { ...config, type: "egress", fromPort: 9000, toPort: 9000 });
    });
    expect(said).toEqual([`prod/old opens the distribution port 9000–9010 of "myapp" to 10.0.0.0/8: ${advice}`]);
  });

  it("by a rule within a further group that its tasks are in", () => {
    const said = saidAfter((stack, myapp) => {
      const ingress = [{ cidrBlocks: ["10.0.0.0/8"], protocol: "tcp", fromPort: 0, toPort: 65535 }];
      myapp.addSecurityGroup(new SecurityGroup(stack, "further", { ingress }).id);
      const lists = [{ prefixListIds: ["pl-0abc1234"], protocol: "-1", fromPort: 0, toPort: 0 }];
      myapp.addSecurityGroup(new SecurityGroup(stack, "lists", { ingress: lists }).id);
      new SecurityGroup(stack, "unrelated", { ingress });
    });
    expect(said).toEqual([
      `prod/further opens the distribution port 4369 of "myapp" to 10.0.0.0/8: ${advice}`,
      `prod/lists opens the distribution port 4369 of "myapp" to pl-0abc1234: ${advice}`,
    ]);
  });
});

describe("is taken", () => {
  it.each([
    ["HTTP from anywhere", { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 4000, toPort: 4000 }],
    ["UDP, which distribution doesn't use", { cidrIpv4: "0.0.0.0/0", ipProtocol: "udp", fromPort: 0, toPort: 65535 }],
    ["epmd's port in single-port mode", { cidrIpv4: "10.0.0.0/8", ipProtocol: "tcp", fromPort: 4369, toPort: 4369 }],
    ["everything from a security group", { referencedSecurityGroupId: "sg-0abc1234", ipProtocol: "-1" }],
  ])("%s", (_, rule) => {
    const said = saidAfter(
      (stack, { securityGroupId }) => {
        new VpcSecurityGroupIngressRule(stack, "rule", { securityGroupId, ...rule });
      },
      { distribution: { singlePort: 9000 } },
    );
    expect(said).toEqual([]);
  });
});
