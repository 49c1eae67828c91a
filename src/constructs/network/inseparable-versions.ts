import { ElixirService } from "../service/elixir-service";
import type { ClusterMember } from "./cluster-member";

/**
 * Why a cluster's versions can't run apart. A node looks for nodes whose names contain its own version, so all members need
 * one image, and the name of that image must change with its content.
 */
export function inseparableVersions(members: readonly ClusterMember[]): string[] {
  const services = members.filter((member) => member instanceof ElixirService);
  const peers = members.filter((member) => !(member instanceof ElixirService));
  return [...differentImages(services), ...unversioned(services), ...peers.map(ofAnotherProject)];
}

function differentImages(services: readonly ElixirService[]): string[] {
  const images = new Set(services.map(({ image }) => image.identity));
  if (images.size < 2) return [];
  const runs = services.map(({ name, image }) => `"${name}" runs ${image.identity}`).join(", ");
  return [
    `its versions can't run apart with different images: ${runs}. Nodes look for nodes of their own version, so these would ` +
      'never connect. Run one image in all of its services, or set versions to "together"',
  ];
}

function unversioned(services: readonly ElixirService[]): string[] {
  return services
    .filter(({ image }) => image.version === undefined)
    .map(
      ({ name, image }) =>
        `its versions can't run apart: "${name}" runs ${image.identity}, and that names no version. Use a digest, or a tag other ` +
        'than latest, or set versions to "together"',
    );
}

const ofAnotherProject = ({ name, nodeAddress }: ClusterMember) =>
  `its versions can't run apart with the peer "${name}" of another project: ${nodeAddress} would connect old nodes to new ones. ` +
  'Remove the peer from the cluster, or set versions to "together"';
