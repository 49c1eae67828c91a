import { type Markup, mermaid as drawn } from "../../foreign-text";
import type { Service } from "../cluster/services";
import type { Review } from "../review";
import { graphOf, idOf, type Link } from "./links";

type Text = Markup<"mermaid">;

/** Beyond this, GitHub's mermaid refuses or nobody can read it. */
const maxLinks = 150;

/** A flowchart for GitHub; `undefined` where there is nothing to draw or too much. */
export function mermaid(review: Review): Text | undefined {
  if (review.services.length === 0) return undefined;
  const { meshes, links } = graphOf(review);
  if (links.length > maxLinks || review.services.length > 80) return undefined;
  const ids = new Map<string, string>();
  const id = (end: string) => ids.get(end) ?? (ids.set(end, `n${ids.size}`), ids.get(end)!);
  const lines = [
    drawn`flowchart LR`,
    ...review.services.map((service) => drawn`  ${id(idOf(service))}["${label(service)}"]`),
  ];
  for (const mesh of meshes) {
    lines.push(drawn`  ${id(idOf(mesh))}(["${mesh.label}"])`);
    for (const member of mesh.members) lines.push(drawn`  ${id(idOf(member))} --- ${id(idOf(mesh))}`);
  }
  const first = meshes.reduce((sum, { members }) => sum + members.length, 0);
  for (const link of links) lines.push(drawn`  ${id(idOf(link.from))} ${arrow(link)} ${id(idOf(link.to))}`);
  links.forEach(({ state }, at) => {
    if (state === "blocked")
      lines.push(drawn`  linkStyle ${first + at} stroke:#c8201c,stroke-width:2px,stroke-dasharray:5`);
  });
  const alone = review.services.filter((service) => review.matrix.pair(service, service).state === "blocked");
  for (const service of alone) lines.push(drawn`  style ${id(idOf(service))} stroke:#c8201c,stroke-width:2px`);
  return drawn.join(lines, drawn`\n`);
}

function arrow({ state, both, label }: Link): Text {
  const text = state === "blocked" ? `✗ ${label}` : state === "unknown" ? `? ${label}` : label;
  if (state === "connects") return both ? drawn`<-->|"${text}"|` : drawn`-->|"${text}"|`;
  return drawn`-.->|"${text}"|`;
}

function label({ name, dnsName, scale }: Service): Text {
  const tasks =
    scale.tasks === undefined ? drawn`` : drawn`<br/>${scale.tasks} ${scale.tasks === 1 ? "task" : "tasks"}`;
  return drawn`<b>${name}</b>${dnsName === undefined ? drawn`` : drawn`<br/>${dnsName}`}${tasks}`;
}
