const tcp = "6";

/**
 * Whether a rule is for TCP and for the port.
 *
 * Security groups: -1 is every protocol on every port, whatever ports the rule has.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html (IpProtocol)
 * Network ACLs: -1 is every protocol; TCP and UDP have a port range.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html (Protocol, PortRange)
 */
export function isForTcpPort(
  rule: { readonly protocol: string; readonly from?: number; readonly to?: number },
  port: number,
): boolean {
  if (rule.protocol === "-1") return true;
  if (rule.protocol !== "tcp" && rule.protocol !== tcp) return false;
  return rule.from !== undefined && rule.to !== undefined && rule.from <= port && port <= rule.to;
}
