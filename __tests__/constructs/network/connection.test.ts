import { Connection } from "../../../src/constructs/network/connection";
import { all, Layout, the } from "../layout";

const theirs = { id: "sg-0fedcba9876543210" };

const connected = (props: object = {}) => {
  const layout = new Layout();
  const service = layout.service("shop", { egress: [] });
  const { vpcId } = layout.network;
  new Connection(layout.stack, "database", {
    name: "database",
    service,
    securityGroup: theirs,
    vpcId,
    port: 5432,
    ...props,
  });
  return layout.json;
};
const tcp = { ip_protocol: "tcp", from_port: 5432, to_port: 5432 };
const ours = expect.stringMatching(/^\$\{aws_security_group\.shop_security-group_\w+\.id\}$/) as string;

describe("Connection", () => {
  it("opens one port of their group to the service's own group, and the other way out", () => {
    const json = connected();
    expect(the(json, "aws_vpc_security_group_ingress_rule")).toEqual({
      security_group_id: theirs.id,
      referenced_security_group_id: ours,
      ...tcp,
      description: "database from shop",
    });
    expect(the(json, "aws_vpc_security_group_egress_rule")).toEqual({
      security_group_id: ours,
      referenced_security_group_id: theirs.id,
      ...tcp,
      description: "shop to database",
    });
  });

  it("leaves their group to its owner, when asked", () => {
    expect(all(connected({ allowIngress: false }), "aws_vpc_security_group_ingress_rule")).toEqual([]);
  });

  it("adds no way out where there is one", () => {
    expect(all(connected({ allowEgress: false }), "aws_vpc_security_group_egress_rule")).toEqual([]);
  });

  it("looks a group up by its name, in the VPC, once", () => {
    const layout = new Layout();
    const service = layout.service("shop");
    const { vpcId } = layout.network;
    const server = { service, securityGroup: { name: "shop-database" }, vpcId };
    new Connection(layout.stack, "database", { ...server, name: "database", port: 5432 });
    new Connection(layout.stack, "pooler", { ...server, name: "pooler", port: 6432 });
    expect(the(layout.json, "aws_security_group", "data")).toMatchObject({ name: "shop-database" });
  });
});
