import { CreateSubnetCommand, CreateVpcCommand, DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import { startLocalAws } from "../../../src/lab/local-aws/aws";
import { awsClients } from "../../../src/lab/local-aws/aws-clients";

it("associates a subnet's IPv6 block, which Terraform waits for", async () => {
  const aws = await startLocalAws();
  const { ec2, destroy } = awsClients(aws);
  try {
    const { Vpc } = await ec2.send(
      new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", AmazonProvidedIpv6CidrBlock: true }),
    );
    const network = Vpc!.Ipv6CidrBlockAssociationSet![0]!.Ipv6CidrBlock!;
    const Ipv6CidrBlock = network.replace("/56", "/64");
    await ec2.send(new CreateSubnetCommand({ VpcId: Vpc!.VpcId, CidrBlock: "10.0.1.0/24", Ipv6CidrBlock }));
    const request = { Filters: [{ Name: "vpc-id", Values: [Vpc!.VpcId!] }] };
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand(request));
    expect(Subnets![0]!.Ipv6CidrBlockAssociationSet).toMatchObject([
      { Ipv6CidrBlock, Ipv6CidrBlockState: { State: "associated" } },
    ]);
  } finally {
    destroy();
    await aws.stop();
  }
});
