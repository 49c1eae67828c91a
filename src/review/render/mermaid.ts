import type { Service } from "../cluster/services";
import type { Review } from "../review";
import { graphOf, idOf, type Link } from "./links";

/** Beyond this, GitHub's mermaid refuses or nobody can read it. */
const mostLinks = 150;

/** A flowchart for GitHub; `undefined` where there is nothing to draw or too much. */
export function mermaid(review: Review): string | undefined {
  if (review.services.length === 0) return undefined;
  const { meshes, links } = graphOf(review);
  if (links.length > mostLinks || review.services.length > 80) return undefined;
  const ids = new Map<string, string>();
  const id = (end: string) => ids.get(end) ?? (ids.set(end, `n${ids.size}`), ids.get(end)!);
  const lines = ["flowchart LR", ...review.services.map((service) => `  ${id(idOf(service))}["${label(service)}"]`)];
  for (const mesh of meshes) {
    lines.push(`  ${id(idOf(mesh))}(["${quoted(mesh.label)}"])`);
    for (const member of mesh.members) lines.push(`  ${id(idOf(member))} --- ${id(idOf(mesh))}`);
  }
  const first = meshes.reduce((sum, { members }) => sum + members.length, 0);
  for (const link of links) lines.push(`  ${id(idOf(link.from))} ${arrow(link)} ${id(idOf(link.to))}`);
  links.forEach(({ state }, at) => {
    if (state === "blocked") lines.push(`  linkStyle ${first + at} stroke:#c8201c,stroke-width:2px,stroke-dasharray:5`);
  });
  const alone = review.services.filter((service) => review.matrix.pair(service, service).state === "blocked");
  for (const service of alone) lines.push(`  style ${id(idOf(service))} stroke:#c8201c,stroke-width:2px`);
  return lines.join("\n");
}

function arrow({ state, both, label }: Link): string {
  const text = quoted(state === "blocked" ? `✗ ${label}` : state === "unknown" ? `? ${label}` : label);
  if (state === "connects") return both ? `<-->|"${text}"|` : `-->|"${text}"|`;
  return `-.->|"${text}"|`;
}

function label({ name, dnsName, scale }: Service): string {
  const tasks = scale.tasks === undefined ? "" : `<br/>${scale.tasks} ${scale.tasks === 1 ? "task" : "tasks"}`;
  return `<b>${quoted(name)}</b>${dnsName === undefined ? "" : `<br/>${quoted(dnsName)}`}${tasks}`;
}

function quoted(text: string): string {
  return text.replace(/"/g, "#quot;");
}
