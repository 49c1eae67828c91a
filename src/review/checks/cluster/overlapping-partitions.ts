import { type PartialMesh, partialMeshes } from "../../cluster/connections/partitions";
import type { Check } from "../check";

export const overlappingPartitions: Check = {
  id: "overlapping-partitions",
  title: "Two services are connected to a third but can't reach each other",
  severity: "warning",
  rationale:
    "Erlang clusters are full meshes: nodes learn of each other through any common peer and try to connect. If security groups block that link, global (OTP 25 and later) may cut further links to keep partitions from overlapping, and nodes of the third service lose peers repeatedly.",
  remediation:
    "Let every service of the cluster reach every other: one security group that all are in does that, with two rules in and two out. Or run the BEAM with -kernel prevent_overlapping_partitions false and connect_all false if the star is what you want.",
  sources: [
    "https://www.erlang.org/doc/apps/kernel/kernel_app.html#prevent_overlapping_partitions",
    "https://www.erlang.org/doc/apps/kernel/global.html",
  ],
  *find({ matrix }) {
    for (const mesh of partialMeshes(matrix))
      yield { address: mesh.gaps[0]!.through.resource.address, message: describe(mesh) };
  },
};

/** Pairs that a message names before it counts the others. */
const named = 3;

function describe({ services, gaps }: PartialMesh): string {
  const [{ one, other, through }] = gaps as readonly [PartialMesh["gaps"][number]];
  if (gaps.length === 1)
    return `${one.name} and ${other.name} both cluster with ${through.name}, but no packet passes between them`;
  const pairs = (services.length * (services.length - 1)) / 2;
  const first = gaps.slice(0, named).map((gap) => `${gap.one.name} and ${gap.other.name}`);
  const more = gaps.length > named ? [`${gaps.length - named} more`] : [];
  return (
    `${gaps.length} of ${pairs} pairs of services cluster with a common third, but no packet passes between the two: ` +
    `${[...first, ...more].join("; ")}. The services are ${services.map(({ name }) => name).join(", ")}`
  );
}
