import { missingLinks, nameOf, nonMembers } from "./mesh";
import type { Member, Mesh } from "./mesh";

/** How a node sees another one. */
const signs = { itself: "·", sees: "●", misses: "✗", silent: "?" } as const;

/**
 * Which nodes see each other as a table of text: a row for the node that answered, a column for each one it may see, and a
 * last line that counts:
 *
 *                          1  2  3
 *      1  myapp@10.0.1.4   ·  ●  ●
 *      2  myapp@10.0.2.4   ●  ·  ✗
 *      3  myapp2 10.0.1.5  ?  ?  ·
 *     3 nodes, 3 of 6 links; ✗ misses, ? no answer
 */
export function renderMesh(mesh: Mesh): string {
  const { members } = mesh;
  const names = members.map(nameOf);
  const longest = Math.max(0, ...names.map(({ length }) => length));
  const digits = String(members.length).length + 1;
  const missing = new Set(missingLinks(mesh).map(({ from, to }) => `${from.taskId} ${to.taskId}`));
  const sign = (from: Member, to: Member) => {
    if (from === to) return signs.itself;
    if (!from.sees) return signs.silent;
    return missing.has(`${from.taskId} ${to.taskId}`) ? signs.misses : signs.sees;
  };
  const header = " ".repeat(digits + 3 + longest) + members.map((_, at) => String(at + 1).padStart(digits)).join(" ");
  const rows = members.map((from, at) => {
    const cells = members.map((to) => sign(from, to).padStart(digits)).join(" ");
    return `${String(at + 1).padStart(digits)}  ${names[at]!.padEnd(longest)} ${cells}`;
  });
  return [...(members.length > 0 ? [header] : []), ...rows, summary(mesh, missing.size)].join("\n");
}

function summary(mesh: Mesh, missing: number): string {
  const count = mesh.members.length;
  const links = count * (count - 1);
  const others = nonMembers(mesh);
  const legend = [
    ...(missing > 0 ? [`${signs.misses} misses, ${signs.silent} no answer`] : []),
    ...(others.length > 0 ? [`also seen: ${others.join(", ")}`] : []),
  ];
  return [`${count} ${count === 1 ? "node" : "nodes"}, ${links - missing} of ${links} links`, ...legend].join("; ");
}
