import { DataAwsSubnets, type DataAwsSubnetsFilter } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { Construct } from "constructs";
import { defined, networkDefaults } from "../../aws/defaults";
import { maxSubnets } from "../../aws/limits";
import { literals } from "../literal";

type Tags = Readonly<Record<string, string>>;

/** Subnets of a VPC: by id, by tags, or the private ones, which give no public address at launch. */
export type SubnetChoice = { readonly ids: readonly string[] } | { readonly tags: Tags } | { readonly private: true };

/** Properties of a {@link Network}. */
export interface NetworkProps {
  /** An existing VPC, by id or by tags that fit exactly one. */
  readonly vpc: { readonly id: string } | { readonly tags: Tags };
  /** Its subnets. @default the private ones */
  readonly subnets?: SubnetChoice;
  /** Whether tasks get a public address. @default false */
  readonly publicIp?: boolean;
}

/** Subnets of an existing VPC, where tasks run. The plan fails when the VPC or a subnet is missing. */
export class Network extends Construct {
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Ids of the subnets. */
  readonly subnetIds: string[];
  /** Whether tasks get a public address. */
  readonly publicIp: boolean;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { vpc, subnets, publicIp } = { ...networkDefaults, ...defined(props) };
    this.publicIp = publicIp;
    this.vpcId = new DataAwsVpc(this, "vpc", "id" in vpc ? { id: vpc.id } : { tags: literals(vpc.tags) }).id;
    const [filter, described] = chosen(subnets);
    this.subnetIds = new DataAwsSubnets(this, "subnets", {
      filter: [{ name: "vpc-id", values: [this.vpcId] }, ...filter],
      ...("tags" in subnets ? { tags: literals(subnets.tags) } : {}),
      lifecycle: {
        postcondition: [
          "ids" in subnets
            ? {
                condition: `\${length(self.ids) == ${subnets.ids.length}}`,
                errorMessage: `Not all of ${described} are in the VPC: check the ids.`,
              }
            : {
                condition: `\${length(self.ids) > 0 && length(self.ids) <= ${maxSubnets}}`,
                errorMessage: `The VPC must have 1 to ${maxSubnets} ${described}.`,
              },
        ],
      },
    }).ids;
  }
}

/** The filter that finds the subnets, and their description for a message. */
function chosen(subnets: SubnetChoice): [DataAwsSubnetsFilter[], string] {
  if ("ids" in subnets) return [[{ name: "subnet-id", values: [...subnets.ids] }], subnets.ids.join(", ")];
  if ("tags" in subnets) {
    const tags = Object.entries(literals(subnets.tags)).map(([key, value]) => `${key} = ${value}`);
    return [[], `subnets tagged ${tags.join(", ")}`];
  }
  return [
    [{ name: "map-public-ip-on-launch", values: ["false"] }],
    "private subnets (those that give no public address at launch): name the subnets by id or by tags",
  ];
}
