import { overlappingPartitions as gaps } from "../../cluster/partitions";
import type { Check } from "../check";

export const overlappingPartitions: Check = {
  id: "overlapping-partitions",
  title: "Two services are connected to a third but can't reach each other",
  severity: "warning",
  rationale:
    "Erlang clusters are full meshes: nodes learn of each other through any common peer and try to connect. If security groups block that link, global (OTP 25 and later) may cut further links to keep partitions from overlapping, and nodes of the third service lose peers repeatedly.",
  remediation:
    "Let every service of the cluster reach every other, or run the BEAM with -kernel prevent_overlapping_partitions false and connect_all false if the star is what you want.",
  sources: [
    "https://www.erlang.org/doc/apps/kernel/kernel_app.html#prevent_overlapping_partitions",
    "https://www.erlang.org/doc/apps/kernel/global.html",
  ],
  *find({ matrix }) {
    for (const { one, other, through } of gaps(matrix))
      yield {
        address: through.resource.address,
        message: `${one.name} and ${other.name} both cluster with ${through.name}, but no packet passes between them`,
      };
  },
};
