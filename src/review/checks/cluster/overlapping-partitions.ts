import { type PartialMesh, partialMeshes } from "../../cluster/connections/partitions";
import type { Check } from "../check";

export const overlappingPartitions: Check = {
  id: "overlapping-partitions",
  title: "Two services are connected to a third but can't reach each other",
  severity: "warning",
  rationale:
    "Erlang clusters are full meshes: nodes learn of each other through any common peer and try to connect. If security groups block that connection, global (OTP 25 and later) may close further connections to prevent overlapping partitions, and nodes of the third service repeatedly lose peers.",
  remediation:
    "Allow every service of the cluster to reach every other: put all into one security group, with two ingress and two egress rules. Or, if you want a star, run the BEAM with -kernel prevent_overlapping_partitions false and connect_all false.",
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
