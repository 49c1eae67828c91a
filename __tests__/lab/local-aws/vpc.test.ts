import {
  AllocateAddressCommand,
  CreateNatGatewayCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteNatGatewayCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  ModifySubnetAttributeCommand,
  ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import { useLocalAws } from "./use-local-aws";

describe("a VPC of local AWS", () => {
  const local = useLocalAws();

  const inVpc = (VpcId: string) => ({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] });

  it("associates a subnet's IPv6 block, which Terraform waits for", async () => {
    const { ec2 } = local.clients;
    const request = { CidrBlock: "10.0.0.0/16", AmazonProvidedIpv6CidrBlock: true };
    const { VpcId, Ipv6CidrBlockAssociationSet } = (await ec2.send(new CreateVpcCommand(request))).Vpc!;
    const Ipv6CidrBlock = Ipv6CidrBlockAssociationSet![0]!.Ipv6CidrBlock!.replace("/56", "/64");
    await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.1.0/24", Ipv6CidrBlock }));
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand(inVpc(VpcId!)));
    expect(Subnets![0]!.Ipv6CidrBlockAssociationSet).toMatchObject([
      { Ipv6CidrBlock, Ipv6CidrBlockState: { State: "associated" } },
    ]);
  });

  it("keeps what is set of a subnet after it was created, which Terraform waits for", async () => {
    const { ec2 } = local.clients;
    const { VpcId } = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.2.0.0/16" }))).Vpc!;
    const { SubnetId } = (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.2.1.0/24" }))).Subnet!;
    const on = { Value: true };
    for (const change of [
      { EnableDns64: on },
      { EnableResourceNameDnsAAAARecordOnLaunch: on },
      { EnableResourceNameDnsARecordOnLaunch: on },
      { PrivateDnsHostnameTypeOnLaunch: "resource-name" as const },
    ]) {
      await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, ...change }));
    }
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand(inVpc(VpcId!)));
    expect(Subnets).toMatchObject([
      {
        EnableDns64: true,
        PrivateDnsNameOptionsOnLaunch: {
          HostnameType: "resource-name",
          EnableResourceNameDnsARecord: true,
          EnableResourceNameDnsAAAARecord: true,
        },
      },
    ]);
  });

  it("can be deleted after its NAT gateway, which takes its network interface along", async () => {
    const { ec2 } = local.clients;
    const { VpcId } = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16" }))).Vpc!;
    const { SubnetId } = (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.1.1.0/24" }))).Subnet!;
    const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
    const { NatGateway } = await ec2.send(new CreateNatGatewayCommand({ SubnetId, AllocationId }));
    const interfaces = async () =>
      (await ec2.send(new DescribeNetworkInterfacesCommand(inVpc(VpcId!)))).NetworkInterfaces;
    expect(await interfaces()).toHaveLength(1);
    await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: NatGateway!.NatGatewayId }));
    expect(await interfaces()).toEqual([]);
    await ec2.send(new ReleaseAddressCommand({ AllocationId }));
    await ec2.send(new DeleteSubnetCommand({ SubnetId }));
    await ec2.send(new DeleteVpcCommand({ VpcId }));
  });
});
