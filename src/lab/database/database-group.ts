import { paginateDescribeSecurityGroups } from "@aws-sdk/client-ec2";
import { rulePorts } from "../../aws/network/ports";
import { groupRules, type RuleWithEntries } from "../../aws/sdk/security-group-rules";
import { nearest } from "../../environment/nearest";
import { UserError } from "../../user-error";
import { type AppliedLayout, securityGroupsOf } from "../control-plane/applied/applied";
import { protocolNumber } from "../data-plane/network/security-group";
import type { AwsClients } from "../local-aws/aws-clients";

/** The port that PostgreSQL listens at. */
export const postgresPort = 5432;

/** A security group with its names. */
interface NamedGroup {
  readonly id: string;
  /** Its own name, its tag `Name`, and the server's name in `connectsTo`, which its rules' descriptions have. */
  readonly names: readonly string[];
  /** Whether rules let TCP to the port through. */
  readonly admitsDatabase: boolean;
}

type Layout = Pick<AppliedLayout, "securityGroups" | "services" | "loadBalancing">;

/**
 * The security group of a layout's database: the one that is named, or else the only group without tasks that services may connect
 * to at port 5432, by its own rules or by theirs.
 *
 * @throws UserError when there is no such group, or several, with their names.
 */
export async function databaseGroup(
  clients: Pick<AwsClients, "ec2">,
  layout: Layout,
  wanted: string | undefined,
): Promise<NamedGroup> {
  const groups = await groupsWithoutTasks(clients, layout);
  const candidates = groups.filter(({ id, names, admitsDatabase }) =>
    wanted === undefined ? admitsDatabase : [id, ...names].includes(wanted),
  );
  const [only, ...more] = candidates;
  if (only && more.length === 0) return only;
  const list = (some: readonly NamedGroup[]) => some.map(({ id, names }) => names[0] ?? id).join(", ") || "none";
  if (only)
    throw new UserError(
      `--postgres${wanted === undefined ? "" : ` ${wanted}`}: several security groups could be the database's: ${list(candidates)}. Give one of their names or ids: --postgres NAME.`,
    );
  if (wanted === undefined)
    throw new UserError(
      `--postgres: no security group without tasks has a rule for TCP port ${postgresPort}, and no service has an egress rule to one. Name the database's group: --postgres NAME. Groups are: ${list(groups)}.`,
    );
  const suggestion = nearest(
    wanted,
    groups.flatMap(({ names }) => names),
  );
  throw new UserError(
    `--postgres ${wanted}: there is no security group of that name or id.${suggestion ? ` Did you mean ${suggestion}?` : ""} Groups are: ${list(groups)}.`,
  );
}

/** All groups of the VPC but those of tasks and load balancers. */
async function groupsWithoutTasks({ ec2 }: Pick<AwsClients, "ec2">, layout: Layout): Promise<NamedGroup[]> {
  const { services, securityGroups, loadBalancing } = layout;
  const tasks = services.flatMap((service) => securityGroupsOf(service, securityGroups));
  const used = new Set([...tasks, ...loadBalancing.loadBalancers.flatMap(({ securityGroupIds }) => securityGroupIds)]);
  const all = securityGroups.all.map(({ id }) => id);
  const rules = await groupRules({ ec2 }, all);
  const groups: NamedGroup[] = [];
  for await (const page of paginateDescribeSecurityGroups({ client: ec2 }, {}))
    for (const { GroupId: id = "", GroupName = "", Tags = [] } of page.SecurityGroups ?? []) {
      if (used.has(id) || !all.includes(id)) continue;
      const ingress = rules.filter(({ GroupId, IsEgress }) => GroupId === id && !IsEgress);
      const egress = rules.filter(
        ({ IsEgress, ReferencedGroupInfo }) => IsEgress && ReferencedGroupInfo?.GroupId === id,
      );
      const ofTasks = egress.filter(({ GroupId }) => used.has(GroupId ?? ""));
      const tags = Tags.flatMap(({ Key, Value }) => (Key === "Name" && Value ? [Value] : []));
      const names = [GroupName, ...tags, ...ingress.flatMap(from), ...egress.flatMap(to)];
      groups.push({ id, names: [...new Set(names)], admitsDatabase: [...ingress, ...ofTasks].some(admitsDatabase) });
    }
  return groups;
}

/** The descriptions of the rules for `connectsTo` are `database from shop` and `shop to database`. */
const from = ({ Description = "" }: RuleWithEntries) => /^(\S+) from \S+$/.exec(Description)?.[1] ?? [];
const to = ({ Description = "" }: RuleWithEntries) => /^\S+ to (\S+)$/.exec(Description)?.[1] ?? [];

/** A rule for all protocols says nothing of a database. */
function admitsDatabase({ IpProtocol = "-1", FromPort, ToPort }: RuleWithEntries): boolean {
  if (protocolNumber(IpProtocol) !== 6) return false;
  const ports = rulePorts(IpProtocol, FromPort, ToPort);
  return ports.from <= postgresPort && postgresPort <= ports.to;
}
