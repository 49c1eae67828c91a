import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { Fn } from "cdktf";
import { Construct } from "constructs";

/**
 * Zones in which Fargate runs no tasks, or none on ARM64 (us-east-1), by the ids that are the same in every account.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html
 */
const zonesWithoutFargate = ["use1-az3", "usw1-az2", "apne1-az3", "cnn1-az3"];

/** The zones of a region in which Fargate runs tasks, by name; local and Wavelength zones aren't among them. */
export class FargateZones extends Construct {
  private readonly names: string[];

  /** @param count how many zones the region must have. */
  constructor(scope: Construct, id: string, region: string, count: number) {
    super(scope, id);
    // A zone that is impaired for a while is listed too: otherwise the others would move up.
    this.names = new DataAwsAvailabilityZones(this, "zones", {
      filter: [{ name: "zone-type", values: ["availability-zone"] }],
      excludeZoneIds: zonesWithoutFargate,
      lifecycle: {
        postcondition: [
          {
            condition: `\${length(self.names) >= ${count}}`,
            errorMessage: `${region} has \${length(self.names)} availability zones that your account may use with Fargate, and vpc.create.zones is ${count}: use fewer.`,
          },
        ],
      },
    }).names;
  }

  /** @param position 0 for the first. */
  at(position: number): string {
    return Fn.element(this.names, position) as string;
  }
}
