import { DescribeAvailabilityZonesCommand, DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import { startLocalAws } from "../../../src/lab/local-aws/aws";
import { awsClients } from "../../../src/lab/local-aws/aws-clients";

it("finds zones and Regions by whether an account has to opt in, as modules ask for them", async () => {
  const aws = await startLocalAws();
  const { ec2, destroy } = awsClients(aws);
  const by = (...values: string[]) => ({ Filters: [{ Name: "opt-in-status", Values: values }] });
  const zones = async (...values: string[]) =>
    (await ec2.send(new DescribeAvailabilityZonesCommand(by(...values)))).AvailabilityZones!.map(
      ({ ZoneName }) => ZoneName,
    );
  const regions = async (...values: string[]) =>
    (await ec2.send(new DescribeRegionsCommand({ AllRegions: true, ...by(...values) }))).Regions!;
  try {
    expect(await zones("opt-in-not-required")).toEqual(["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
    expect(await zones("opted-in")).toEqual([]);
    const open = await regions("opt-in-not-required");
    expect(open.map(({ RegionName }) => RegionName)).toContain("eu-west-1");
    expect(new Set(open.map(({ OptInStatus }) => OptInStatus))).toEqual(new Set(["opt-in-not-required"]));
    expect(await regions("no-such-status")).toEqual([]);
  } finally {
    destroy();
    await aws.stop();
  }
});
