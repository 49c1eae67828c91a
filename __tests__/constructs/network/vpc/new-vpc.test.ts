import { Network } from "../../../../src/constructs/network/network";
import type { NewVpcProps } from "../../../../src/constructs/network/vpc/new-vpc-props";
import { expression } from "../../../../src/constructs/reference";
import { all, emptyStack, jsonOf, problemsOf, the, type Resource } from "../../layout";

/** A stack with a created VPC. */
function stackWith(props: Partial<NewVpcProps> = {}, publicIp = false) {
  const stack = emptyStack();
  const create = { name: "prod", region: "eu-west-1", cidr: "10.0.0.0/16", ...props };
  return { stack, network: new Network(stack, "network", { vpc: { create }, publicIp }) };
}

const jsonWith = (props: Partial<NewVpcProps> = {}, publicIp = false) => jsonOf(stackWith(props, publicIp).stack);
const namesOf = (resources: Resource[]) => resources.map(({ tags }) => (tags as { Name: string }).Name).sort();
/** Routes by their target, without hashes. */
const routesOf = (props: Partial<NewVpcProps>) =>
  all(jsonWith(props), "aws_route").map(({ route_table_id: table, nat_gateway_id: nat, gateway_id: gateway }) =>
    [table, nat ?? gateway]
      .map((value) => /_(private-\d+|gateway-\d+|public|internet)[-_]/.exec(String(value))?.[1])
      .join(" → "),
  );

describe("a created VPC", () => {
  it("answers DNS, and has a default security group without rules", () => {
    const json = jsonWith();
    expect(the(json, "aws_vpc")).toEqual({
      cidr_block: "10.0.0.0/16",
      enable_dns_support: true,
      enable_dns_hostnames: true,
      tags: { Name: "prod" },
    });
    expect(Object.keys(the(json, "aws_default_security_group"))).toEqual(["vpc_id"]);
  });

  it("has a private subnet in each of three zones, which tasks run in", () => {
    const { stack, network } = stackWith({ nat: "none" });
    const subnets = all(jsonOf(stack), "aws_subnet");
    expect(subnets.map(({ cidr_block: cidr }) => cidr)).toEqual(["10.0.0.0/19", "10.0.32.0/19", "10.0.64.0/19"]);
    expect(namesOf(subnets)).toEqual(["prod-private-1", "prod-private-2", "prod-private-3"]);
    expect(subnets.map(({ map_public_ip_on_launch: isPublic }) => isPublic)).toEqual([false, false, false]);
    expect(network.subnetIds).toEqual(network.created!.privateSubnetIds);
    expect(all(jsonOf(stack), "aws_internet_gateway")).toEqual([]);
  });

  it("keeps every subnet as it is when a zone is added", () => {
    const [before, after] = [2, 4].map((zones) => jsonWith({ zones }).resource!.aws_subnet!);
    expect(Object.keys(before!)).toHaveLength(4);
    expect(after).toMatchObject(before!);
  });

  it("takes zones in which Fargate runs, and moves no subnet when a region gets another", () => {
    const json = jsonWith({ zones: 2, nat: "none" });
    const zones = the(json, "aws_availability_zones", "data");
    expect(zones).toMatchObject({ filter: [{ name: "zone-type", values: ["availability-zone"] }] });
    expect(zones.exclude_zone_ids).toContain("apne1-az3");
    expect(JSON.stringify(zones.lifecycle)).toContain("length(self.names) >= 2");
    expect(all(json, "aws_subnet").map(({ availability_zone: zone, lifecycle }) => [zone, lifecycle])).toEqual(
      [0, 1].map((position) => [
        expect.stringMatching(new RegExp(`names, ${position}\\)`)),
        { ignore_changes: ["availability_zone"] },
      ]),
    );
  });

  it("reports a network and a number of zones that it can't have", () => {
    expect(problemsOf(stackWith({ cidr: "10.0.0.0/24", zones: 7 }).stack)).toEqual([
      'cidr is "10.0.0.0/24"; allowed: a private network from /16 to /22 such as "10.0.0.0/16", with no bit set beyond its prefix',
      "zones is 7; allowed: a whole number from 1 to 6",
    ]);
  });
});

describe("the way to the internet", () => {
  it("is one NAT gateway for all zones by default", () => {
    expect(routesOf({})).toEqual([
      "public → internet",
      "private-1 → gateway-1",
      "private-2 → gateway-1",
      "private-3 → gateway-1",
    ]);
    expect(all(jsonWith(), "aws_eip")).toMatchObject([{ domain: "vpc" }]);
  });

  it("is a NAT gateway in each zone", () => {
    expect(routesOf({ nat: "each-zone", zones: 2 })).toEqual([
      "public → internet",
      "private-1 → gateway-1",
      "private-2 → gateway-2",
    ]);
  });

  it("is none with nat none, whose public subnets serve a load balancer alone", () => {
    expect(routesOf({ nat: "none" })).toEqual([]);
    expect(routesOf({ nat: "none", publicSubnets: true })).toEqual(["public → internet"]);
  });

  it("is the tasks' own address with publicIp, in public subnets", () => {
    const { stack, network } = stackWith({ nat: "none" }, true);
    expect(network.subnetIds).toEqual(network.created!.publicSubnetIds);
    expect(network.subnetIds).toHaveLength(3);
    expect(all(jsonOf(stack), "aws_internet_gateway")).toHaveLength(1);
  });
});

describe("the way to AWS services", () => {
  it("is a gateway endpoint of S3 in any case, in every private route table", () => {
    const endpoint = the(jsonWith({ zones: 2 }), "aws_vpc_endpoint");
    expect(endpoint).toMatchObject({ service_name: "com.amazonaws.eu-west-1.s3", vpc_endpoint_type: "Gateway" });
    expect(endpoint.route_table_ids).toHaveLength(2);
  });

  it("is an interface in each private subnet, by the service's own name, open to the VPC on port 443", () => {
    const json = jsonWith({ endpoints: ["ecr.api", "s3"] });
    const interfaces = all(json, "aws_vpc_endpoint").filter(({ vpc_endpoint_type: type }) => type === "Interface");
    expect(interfaces).toMatchObject([{ service_name: "com.amazonaws.eu-west-1.ecr.api", private_dns_enabled: true }]);
    expect(interfaces[0]!.subnet_ids).toHaveLength(3);
    expect(the(json, "aws_security_group")).toMatchObject({ name: "prod-endpoints" });
    expect(the(json, "aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: "10.0.0.0/16",
      from_port: 443,
      to_port: 443,
      ip_protocol: "tcp",
    });
  });

  it("exists before a task starts", () => {
    const { network, stack } = stackWith({ endpoints: ["ecr.api"], zones: 1 });
    expect(network.ready.map(({ fqn }) => expression(stack, fqn).replace(/_[0-9A-F]{8}$/, ""))).toEqual([
      "aws_internet_gateway.network_vpc_internet-gateway",
      "aws_route.network_vpc_internet-route",
      "aws_route.network_vpc_nat_route-1",
      "aws_vpc_endpoint.network_vpc_endpoints_s3",
      "aws_vpc_endpoint.network_vpc_endpoints_ecrapi",
    ]);
  });
});

describe("flow logs", () => {
  it("go nowhere by default", () => {
    expect(all(jsonWith(), "aws_flow_log")).toEqual([]);
  });

  it("go to a log group, which their role alone writes", () => {
    const json = jsonWith({ flowLogs: { cloudWatch: { retentionDays: 7 } } });
    expect(the(json, "aws_cloudwatch_log_group")).toEqual({ name: "/vpc/prod-flow-logs", retention_in_days: 7 });
    expect(the(json, "aws_flow_log")).toMatchObject({ traffic_type: "ALL", log_destination_type: "cloud-watch-logs" });
    const { assume_role_policy: trust, name } = the(json, "aws_iam_role");
    expect(name).toBe("prod-flow-logs");
    expect(trust).toContain("vpc-flow-logs.amazonaws.com");
    expect(trust).toContain("aws:SourceAccount");
    expect(the(json, "aws_iam_role_policy").policy).not.toContain('"*"');
  });

  it("go to a folder in a bucket, without a role", () => {
    const json = jsonWith({ flowLogs: { s3: "arn:aws:s3:::acme-flow-logs/prod" } });
    expect(the(json, "aws_flow_log")).toMatchObject({
      log_destination_type: "s3",
      log_destination: "arn:aws:s3:::acme-flow-logs/prod",
    });
    expect(all(json, "aws_iam_role")).toEqual([]);
  });
});
