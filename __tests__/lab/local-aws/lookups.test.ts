import {
  DescribeAvailabilityZonesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from "@aws-sdk/client-ec2";
import { DescribeClustersCommand } from "@aws-sdk/client-ecs";
import { DescribeLoadBalancersCommand, DescribeTargetGroupsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListHostedZonesCommand } from "@aws-sdk/client-route-53";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { ListNamespacesCommand } from "@aws-sdk/client-servicediscovery";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { useLocalAws } from "./use-local-aws";
import { creatingLookedUp } from "../../../src/lab/local-aws/lookups";

const byTag = (key: string, ...Values: string[]) => ({ Filters: [{ Name: `tag:${key}`, Values }] });
const nothing = { secretKeys: [], picked: [] };

describe("what data sources look up", () => {
  const local = useLocalAws({ patches: ["cloud_map"] });

  const vpcs = async (...values: string[]) =>
    (await local.clients.ec2.send(new DescribeVpcsCommand(byTag("Name", ...values)))).Vpcs!.map(({ VpcId }) => VpcId!);
  const subnets = async (VpcId: string, ...values: string[]) => {
    const { Filters } = byTag("Name", ...values);
    const request = { Filters: [...Filters, { Name: "vpc-id", Values: [VpcId] }] };
    return (await local.clients.ec2.send(new DescribeSubnetsCommand(request))).Subnets!;
  };
  const group = async (name: string) => {
    const request = { Filters: [{ Name: "group-name", Values: [name] }] };
    return (await local.clients.ec2.send(new DescribeSecurityGroupsCommand(request))).SecurityGroups!;
  };

  it("leaves the default VPC alone, which local AWS makes at the first request", async () => {
    const zones = () => local.clients.ec2.send(new DescribeAvailabilityZonesCommand({}));
    expect(await creatingLookedUp(local.aws, nothing, zones)).toEqual([]);
  });

  it("isn't there outside of a plan", async () => {
    expect(await vpcs("main")).toEqual([]);
    await expect(local.clients.ssm.send(new GetParameterCommand({ Name: "/x" }))).rejects.toThrow("not found");
  });

  it("is created as the requests of a plan ask for it, in one VPC, and each once", async () => {
    const look = async () => {
      const [vpc] = await vpcs("main");
      expect(await vpcs("also-main")).toEqual([vpc]);
      expect(await subnets(vpc!, "*-private-*")).toHaveLength(2);
      const [one, ...more] = await subnets(vpc!, "public-a");
      expect([one!.VpcId, more]).toEqual([vpc, []]);
      expect(await group("database")).toMatchObject([{ VpcId: vpc, IpPermissions: [] }]);
      const { clusters } = await local.clients.ecs.send(new DescribeClustersCommand({ clusters: ["shop"] }));
      expect(clusters).toMatchObject([{ clusterName: "shop", status: "ACTIVE" }]);
      const parameter = async (Name: string) =>
        (await local.clients.ssm.send(new GetParameterCommand({ Name }))).Parameter!.Value;
      expect(await parameter("/shop/vpc_id")).toBe(vpc);
      await parameter("/shop/cookie");
      expect(await parameter("/aws/service/aws-for-fluent-bit/stable")).toBe("aws-for-fluent-bit-stable");
      const { SecretString } = await local.clients.secretsManager.send(
        new GetSecretValueCommand({ SecretId: "shop/database" }),
      );
      expect(Object.keys(JSON.parse(SecretString!) as object)).toEqual(["username", "password"]);
      const balancers = await local.clients.loadBalancing.send(new DescribeLoadBalancersCommand({ Names: ["public"] }));
      expect(balancers.LoadBalancers).toMatchObject([{ VpcId: vpc }]);
      const groups = await local.clients.loadBalancing.send(new DescribeTargetGroupsCommand({ Names: ["shop"] }));
      const behind = [expect.stringContaining("/lab-shop/")];
      expect(groups.TargetGroups).toMatchObject([{ VpcId: vpc, TargetType: "ip", LoadBalancerArns: behind }]);
    };
    const known = {
      secretKeys: ["username", "password"],
      picked: [
        { type: "aws_route53_zone", name: "example.com." },
        { type: "aws_acm_certificate", name: "*.example.com" },
        { type: "aws_service_discovery_dns_namespace", name: "shop.local" },
      ],
    };
    expect(await creatingLookedUp(local.aws, known, look)).toEqual([
      "zone example.com",
      "certificate *.example.com",
      "a VPC",
      "namespace shop.local",
      "subnet Name=lab-private-lab",
      "subnet Name=lab-private-lab",
      "subnet Name=public-a",
      "security group database",
      "ECS cluster shop",
      "parameter /shop/vpc_id",
      "parameter /shop/cookie",
      "parameter /aws/service/aws-for-fluent-bit/stable",
      "secret shop/database",
      "load balancer public",
      "target group shop",
      "load balancer lab-shop",
    ]);
    const zones = await local.clients.route53.send(new ListHostedZonesCommand({}));
    expect(zones.HostedZones!.map(({ Name }) => Name)).toContain("example.com.");
    const { Namespaces } = await local.clients.serviceDiscovery.send(new ListNamespacesCommand({}));
    expect(Namespaces!.map(({ Name }) => Name)).toEqual(["shop.local"]);
    expect(await creatingLookedUp(local.aws, known, look)).toEqual([]);
  });

  it("is no longer created after the plan, even where it failed", async () => {
    const fails = () => Promise.reject(new Error("plan failed"));
    await expect(creatingLookedUp(local.aws, nothing, fails)).rejects.toThrow("plan failed");
    expect(await group("another")).toEqual([]);
  });
});
