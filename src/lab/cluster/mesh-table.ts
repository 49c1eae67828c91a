import { missingLinks, unknownNodes } from "../../mesh/mesh";
import { legend, meshTable } from "../../mesh/mesh-table";
import type { Mesh } from "./mesh";

/** Which nodes see each other, as a table, and a last line that counts: `3 nodes, 3 of 6 links; ● sees  ✗ doesn't  ? no answer`. */
export function renderMesh({ members }: Mesh): string {
  const count = members.length;
  const links = count * (count - 1);
  const missing = missingLinks(members).length;
  const others = unknownNodes(members);
  const summary = [
    `${count} ${count === 1 ? "node" : "nodes"}, ${links - missing} of ${links} links`,
    ...(missing > 0 ? [legend] : []),
    ...(others.length > 0 ? [`also seen: ${others.join(", ")}`] : []),
  ];
  return [...meshTable(members), summary.join("; ")].join("\n");
}
