import { discoveryOf, dnsClusterVariable, nodesVariable, type Discovery } from "../../discovery";
import { partitions } from "../../mesh/mesh";

/** What of a service decides which mesh its nodes will be in. */
interface DiscoveringService {
  readonly name: string;
  /** DNS name of its tasks; absent where Cloud Map has none. */
  readonly dnsName?: string | undefined;
  readonly definition?:
    { readonly containers: readonly { readonly environment: Readonly<Record<string, string>> }[] } | undefined;
}

/** Which services form a mesh together. */
export interface ExpectedMeshes {
  /** Names of services, one list a mesh. */
  readonly meshes: readonly (readonly string[])[];
  /** Services with `discovery: "none"` that no other polls: nothing shows which mesh their nodes will be in. */
  readonly unknown: readonly string[];
}

interface Names {
  readonly name: string;
  readonly discovery: Discovery | undefined;
  /** DNS names: its own, and those that it polls. */
  readonly hosts: readonly string[];
}

/**
 * One mesh for all services that poll each other or the same name, directly or through others: Erlang connects each node to
 * all. Services whose variables don't show how they discover others are expected in one mesh.
 */
export function expectedMeshes(services: readonly DiscoveringService[]): ExpectedMeshes {
  const parts = partitions(services.map(namesOf), inOneMesh);
  const isUnknown = (part: readonly Names[]) => part.length === 1 && part[0]!.discovery === "none";
  const serviceNames = (part: readonly Names[]) => part.map(({ name }) => name);
  return {
    meshes: parts.filter((part) => !isUnknown(part)).map(serviceNames),
    unknown: parts.filter(isUnknown).flatMap(serviceNames),
  };
}

function namesOf({ name, dnsName, definition }: DiscoveringService): Names {
  const variables = Object.assign(
    {},
    ...(definition?.containers ?? []).map(({ environment }) => environment),
  ) as Record<string, string | undefined>;
  const polled = [nodesVariable, dnsClusterVariable].flatMap((variable) => variables[variable]?.split(",") ?? []);
  return {
    name,
    discovery: discoveryOf((variable) => variables[variable]),
    hosts: [...polled.map((each) => each.trim().replace(/^.*@/, "")), ...(dnsName === undefined ? [] : [dnsName])],
  };
}

function inOneMesh(one: Names, other: Names): boolean {
  const neitherShows = one.discovery === undefined && other.discovery === undefined;
  return neitherShows || one.hosts.some((host) => other.hosts.includes(host));
}
