import { DiscoveryNamespace } from "../../../src/constructs/service/discovery-namespace";
import { emptyStack, jsonOf, Layout, problemsOf, the } from "../layout";

describe("DiscoveryNamespace", () => {
  it("makes a private namespace in the VPC", () => {
    const stack = emptyStack();
    const made = new DiscoveryNamespace(stack, "namespace", {
      namespace: { create: "organization.local" },
      vpcId: "vpc-1",
    });
    expect(the(jsonOf(stack), "aws_service_discovery_private_dns_namespace")).toMatchObject({
      name: "organization.local",
      vpc: "vpc-1",
    });
    expect(made.dnsName("myapp")).toBe("myapp.organization.local");
  });

  it("attaches to one that is there, a private one", () => {
    const stack = emptyStack();
    new DiscoveryNamespace(stack, "namespace", { namespace: { existing: "organization.local" }, vpcId: "vpc-1" });
    const json = jsonOf(stack);
    expect(the(json, "aws_service_discovery_dns_namespace", "data")).toEqual({
      name: "organization.local",
      type: "DNS_PRIVATE",
    });
    expect(json.resource).toBeUndefined();
  });

  it("serves many services", () => {
    const layout = new Layout();
    layout.service("myapp");
    layout.service("myapp2");
    expect(the(layout.json, "aws_service_discovery_private_dns_namespace")).toBeDefined();
    expect(problemsOf(layout.stack)).toEqual([]);
  });

  it("refuses two services of one name, wherever they are made", () => {
    const layout = new Layout();
    layout.service("myapp");
    const elsewhere = layout.network;
    layout.service("myapp", {}, elsewhere);
    expect(problemsOf(layout.stack)).toEqual([
      'two services have the name "myapp" in the namespace organization.local, the other is stack/myapp: give each a different one',
    ]);
  });
});
