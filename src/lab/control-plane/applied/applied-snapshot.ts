import { cookieVariable } from "../../../containers/variables";
import { isDeepStrictEqual } from "node:util";
import { parameterName } from "../../../aws/parameter-names";
import { existingParameters } from "../../../aws/sdk/parameters";
import type { AppliedTaskDefinition } from "./task-definitions";
import type { AwsClients } from "../../local-aws/aws-clients";
import type { RulePeer, SecurityGroup, SecurityGroupRule } from "../../data-plane/data-plane";

/** What decides, next to the services themselves, which nodes may cluster. */
export interface AppliedSnapshot {
  /** Rules by security group, each in words such as `ingress tcp 4369 from sg-0123…`, in a fixed order. */
  readonly rules: Readonly<Record<string, readonly string[]>>;
  /** Version of each parameter that is the cookie of a service, by name. */
  readonly cookies: Readonly<Record<string, number>>;
}

/** Gives what is applied when it has changed since the last look, and at the first one. */
export class SnapshotWatch {
  #last: AppliedSnapshot | undefined;

  /** @param services of which the newest tasks' definitions name the cookies. */
  async changed(
    clients: AwsClients,
    groups: readonly SecurityGroup[],
    services: readonly { readonly definition: AppliedTaskDefinition | undefined }[],
  ): Promise<AppliedSnapshot | undefined> {
    const definitions = services.flatMap(({ definition }) => definition ?? []);
    const snapshot = await readSnapshot(clients, groups, definitions);
    if (isDeepStrictEqual(snapshot, this.#last)) return undefined;
    this.#last = snapshot;
    return snapshot;
  }
}

/** No value is decrypted. */
async function readSnapshot(
  clients: AwsClients,
  groups: readonly SecurityGroup[],
  definitions: readonly AppliedTaskDefinition[],
): Promise<AppliedSnapshot> {
  const secrets = definitions.flatMap(({ containers }) => containers.flatMap((container) => container.secrets));
  const cookies = secrets.filter(
    ({ name, valueFrom }) => name === cookieVariable && !valueFrom.includes(":secretsmanager:"),
  );
  const names = [...new Set(cookies.map(({ valueFrom }) => parameterName(valueFrom)))].sort();
  const parameters = await existingParameters(clients, names);
  const versions = Object.fromEntries(parameters.map(({ Name, Version }) => [Name!, Version!]));
  return { rules: Object.fromEntries(groups.map((group) => [group.id, rulesOf(group)])), cookies: versions };
}

const rulesOf = ({ ingress, egress }: SecurityGroup): string[] =>
  [
    ...ingress.map((rule) => `ingress ${inWords(rule)} from ${peerOf(rule.peer)}`),
    ...egress.map((rule) => `egress ${inWords(rule)} to ${peerOf(rule.peer)}`),
  ].sort();

function inWords({ protocol, fromPort, toPort }: SecurityGroupRule): string {
  if (protocol === "-1") return "all traffic";
  if (fromPort === undefined || fromPort < 0) return protocol;
  return `${protocol} ${toPort === undefined || toPort === fromPort ? fromPort : `${fromPort}–${toPort}`}`;
}

function peerOf(peer: RulePeer): string {
  if ("group" in peer) return peer.group;
  if ("prefixList" in peer) return peer.prefixList;
  return "cidr4" in peer ? peer.cidr4 : peer.cidr6;
}

/** What differs, a sentence each. Groups and parameters that only one of the two knows belong to another layout. */
export function changesBetween(before: AppliedSnapshot, after: AppliedSnapshot): string[] {
  const groups = Object.keys(after.rules).filter((id) => before.rules[id]);
  return [
    ...groups.flatMap((id) => [
      ...before.rules[id]!.filter((rule) => !after.rules[id]!.includes(rule)).map(
        (rule) => `rule removed from ${id}: ${rule}`,
      ),
      ...after.rules[id]!.filter((rule) => !before.rules[id]!.includes(rule)).map(
        (rule) => `rule added to ${id}: ${rule}`,
      ),
    ]),
    ...Object.entries(after.cookies)
      .filter(([name, version]) => before.cookies[name] !== undefined && before.cookies[name] !== version)
      .map(([name, version]) => `cookie changed: version ${version} of ${name}; tasks read it when they start`),
  ];
}
