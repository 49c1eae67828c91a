import { CreateSecurityGroupCommand, DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import type { Environment } from "../../../environment";
import type { AwsClients } from "../aws-clients";
import { unnameable } from "./unnameable";

type Group = Environment["peers"][string]["securityGroup"];

/**
 * Creates the security groups of peers and of the servers that services connect to, each name once.
 *
 * @throws Error when an id names a group that local AWS doesn't have.
 */
export async function existingGroups(
  clients: AwsClients,
  { peers, services, distributionRules }: Environment,
  vpcId: string | undefined,
): Promise<void> {
  const [cluster] = typeof distributionRules === "object" ? Object.keys(distributionRules.groups) : [];
  if (cluster !== undefined) throw unnameable(`The security group of the cluster "${cluster}"`);
  const named = new Map<string, string>();
  const add = async (whose: string, group: Group): Promise<void> => {
    if ("name" in group) {
      if (!named.has(group.name)) named.set(group.name, whose);
    } else if (!(await exists(clients, group.id))) throw unnameable(`The security group of ${whose}`);
  };
  for (const [name, { securityGroup }] of Object.entries(peers)) await add(`the peer "${name}"`, securityGroup);
  for (const { connectsTo } of Object.values(services))
    for (const [name, { securityGroup }] of Object.entries(connectsTo))
      await add(`the server "${name}"`, securityGroup);
  for (const [GroupName, whose] of named)
    await clients.ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: described(whose), VpcId: vpcId }));
}

/** EC2 takes no quotation marks in a description. */
const described = (whose: string) => `For ${whose.replaceAll('"', "")}`;

async function exists({ ec2 }: AwsClients, id: string): Promise<boolean> {
  const Filters = [{ Name: "group-id", Values: [id] }];
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  return SecurityGroups.length > 0;
}
