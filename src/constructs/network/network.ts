import { DataAwsSubnets, type DataAwsSubnetsFilter } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { defined, networkDefaults } from "../../aws/defaults";
import { maxSubnets } from "../../aws/limits";
import { literals } from "../literal";
import { NewVpc } from "./vpc/new-vpc";
import type { NewVpcProps } from "./vpc/new-vpc-props";

type Tags = Readonly<Record<string, string>>;

/** Subnets of a VPC: by id, by tags, or the private ones, which give no public address at launch. */
export type SubnetChoice = { readonly ids: readonly string[] } | { readonly tags: Tags } | { readonly private: true };

type ExistingVpc = { readonly id: string } | { readonly tags: Tags };

/** Properties of a {@link Network}. */
export interface NetworkProps {
  /** An existing VPC, by id or by tags that fit exactly one; or a new one. */
  readonly vpc: ExistingVpc | { readonly create: NewVpcProps };
  /** Subnets of an existing VPC. @default the private ones */
  readonly subnets?: SubnetChoice;
  /** Whether tasks get a public address; they run in the public subnets of a new VPC then. @default false */
  readonly publicIp?: boolean;
}

/** A VPC and its subnets where tasks run. The plan fails when an existing VPC or subnet is missing. */
export class Network extends Construct {
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Ids of the subnets. */
  readonly subnetIds: string[];
  /** Whether tasks get a public address. */
  readonly publicIp: boolean;
  /** The VPC, where it is of this stack. */
  readonly created: NewVpc | undefined;
  /** What must exist before a task can start. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { vpc, subnets, publicIp } = { ...networkDefaults, ...defined(props) };
    this.publicIp = publicIp;
    if ("create" in vpc) {
      const publicSubnets = publicIp || vpc.create.publicSubnets === true;
      this.created = new NewVpc(this, "vpc", { ...vpc.create, publicSubnets });
      this.vpcId = this.created.vpcId;
      this.subnetIds = publicIp ? this.created.publicSubnetIds : this.created.privateSubnetIds;
    } else {
      this.created = undefined;
      this.vpcId = this.existingVpc(vpc);
      this.subnetIds = this.existingSubnets(subnets);
    }
    this.ready = this.created?.ready ?? [];
  }

  private existingVpc(vpc: ExistingVpc): string {
    return new DataAwsVpc(this, "vpc", "id" in vpc ? { id: vpc.id } : { tags: literals(vpc.tags) }).id;
  }

  private existingSubnets(subnets: SubnetChoice): string[] {
    const [filter, described] = chosen(subnets);
    return new DataAwsSubnets(this, "subnets", {
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
