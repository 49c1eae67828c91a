import { html } from "../../../foreign-text";

/** The page's style: light, dark and print. */
export const style = html`
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2330; --soft: #5b6575; --line: #d9dee6; --panel: #f5f7fa; --box: #fff;
  --good: #157f3d; --bad: #c8201c; --doubt: #9a6200; --quiet: #8a94a3; --good-soft: #e3f4e8; --bad-soft: #fde7e6; --doubt-soft: #fbf0d9; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181f; --ink: #e6eaf0; --soft: #9aa5b5; --line: #333b47; --panel: #1b212a; --box: #232a35;
  --good: #4cc274; --bad: #ff7b72; --doubt: #e3b341; --quiet: #76818f; --good-soft: #16301f; --bad-soft: #3b1c1c; --doubt-soft: #352b14; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 32px 24px 64px; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; overflow-wrap: anywhere; } h2 { font-size: 18px; margin: 36px 0 10px; } .soft { color: var(--soft); }
.verdict { display: flex; flex-wrap: wrap; gap: 8px; margin: 16px 0 0; padding: 0; list-style: none; }
.verdict li { padding: 4px 12px; border-radius: 999px; background: var(--panel); border: 1px solid var(--line); }
.verdict .good { background: var(--good-soft); color: var(--good); border-color: transparent; } .verdict .bad { background: var(--bad-soft); color: var(--bad); border-color: transparent; } .verdict .doubt { background: var(--doubt-soft); color: var(--doubt); border-color: transparent; }
.drawing { overflow: auto; border: 1px solid var(--line); border-radius: 12px; background: var(--panel); padding: 12px; text-align: center; }
.drawing svg { max-width: 100%; height: auto; } .drawing text { font-family: "Courier New", "Liberation Mono", "DejaVu Sans Mono", Menlo, monospace; fill: var(--ink); }
.node path, .node polygon { fill: var(--box); stroke: var(--quiet); } .node.service.blocked path { stroke: var(--bad); stroke-width: 2; fill: var(--bad-soft); }
.node.mesh path { fill: var(--box); stroke: var(--quiet); } .node.mesh > path { fill: var(--good-soft); stroke: var(--good); } .cluster path { fill: none; stroke: var(--line); stroke-width: 1.5; } .cluster text { fill: var(--soft); }
.edge path { stroke: var(--quiet); stroke-width: 1.4; } .edge polygon { stroke: var(--quiet); fill: var(--quiet); }
.edge.connects path, .edge.connects polygon { stroke: var(--good); } .edge.connects polygon { fill: var(--good); } .edge.connects text { fill: var(--good); }
.edge.blocked path, .edge.blocked polygon { stroke: var(--bad); } .edge.blocked path { stroke-width: 2; } .edge.blocked polygon { fill: var(--bad); } .edge.blocked text { fill: var(--bad); font-weight: bold; }
.edge.unknown path, .edge.unknown polygon { stroke: var(--doubt); } .edge.unknown polygon { fill: var(--doubt); } .edge.unknown text { fill: var(--doubt); }
.edge text { paint-order: stroke; stroke: var(--panel); stroke-width: 3px; stroke-linejoin: round; } .edge.open text { fill: var(--soft); } .link, .service { cursor: default; outline: none; } .link:hover path, .link:focus path { stroke-width: 3; } .service:focus path { stroke-width: 2.5; }
.differences { margin: 0; padding-left: 20px; } .differences .bad b { color: var(--bad); } .differences .good b { color: var(--good); } .differences .doubt b { color: var(--doubt); } .differences small { color: var(--soft); } .legend { display: flex; flex-wrap: wrap; gap: 6px 20px; margin: 10px 2px 0; color: var(--soft); font-size: 13px; } .legend b { font-weight: 600; } .legend .bad b { color: var(--bad); } .legend .good b { color: var(--good); } .legend .doubt b { color: var(--doubt); }
#told { position: absolute; z-index: 2; max-width: 560px; padding: 10px 14px; border-radius: 8px; border: 1px solid var(--line); background: var(--box); box-shadow: 0 6px 24px rgb(0 0 0 / .22); font-size: 13px; overflow-wrap: anywhere; pointer-events: none; }
#told[hidden] { display: none; } #told b { display: block; } #told ul { margin: 4px 0 0; padding-left: 18px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 14px; } th, td { border: 1px solid var(--line); padding: 5px 10px; text-align: left; vertical-align: top; } thead th { background: var(--panel); }
.matrix td { text-align: center; min-width: 34px; padding: 4px; } .matrix thead th { writing-mode: vertical-rl; transform: rotate(180deg); font-weight: 500; max-height: 220px; padding: 8px 4px; } .matrix thead th:first-child { writing-mode: horizontal-tb; transform: none; vertical-align: bottom; } .matrix tbody th { font-weight: 500; white-space: nowrap; background: var(--panel); position: sticky; left: 0; }
td.time { white-space: nowrap; } td.connects { background: var(--good-soft); color: var(--good); } td.blocked { background: var(--bad-soft); color: var(--bad); font-weight: 700; } td.unknown, td.unknown-open, td.unknown-closed { background: var(--doubt-soft); color: var(--doubt); } td.dialled { color: var(--good); } td.open, td.closed { color: var(--quiet); }
.finding { border: 1px solid var(--line); border-left-width: 5px; border-radius: 8px; padding: 10px 14px; margin: 10px 0; background: var(--panel); break-inside: avoid; } .finding.error { border-left-color: var(--bad); } .finding.warning { border-left-color: var(--doubt); } .finding.note { border-left-color: var(--quiet); }
.finding p { margin: 4px 0 0; } .finding h3 { font-size: 15px; margin: 0; font-weight: 600; overflow-wrap: anywhere; } .finding small { color: var(--soft); overflow-wrap: anywhere; } code { font: 13px ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
summary { cursor: pointer; } .reasons { font-size: 14px; } .reasons li { margin: 3px 0; overflow-wrap: anywhere; } section + section.stack { border-top: 2px solid var(--line); margin-top: 48px; padding-top: 32px; }
@media print { :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --panel: #fff; --box: #fff; --good: #0b6b2e; --bad: #b00; --doubt: #7a4e00; --quiet: #666; --good-soft: #fff; --bad-soft: #fff; --doubt-soft: #fff; }
  body { max-width: none; padding: 0; font-size: 11px; } .drawing { overflow: visible; border: 0; padding: 0; break-inside: avoid; } .drawing svg { max-width: 100%; min-width: 0 !important; max-height: 24cm; } .scroll { overflow: visible; } .matrix tbody th { position: static; } h2 { break-after: avoid; } }
`;

/** Shows what an arrow or a service stands for while the pointer or the keyboard's focus is on it. */
export const script = html`
const told = document.getElementById("told");
const details = JSON.parse(document.getElementById("details").textContent);
function tell(id, x, y) {
  const [title, ...rest] = details[id];
  const head = document.createElement("b"); head.textContent = title;
  const list = document.createElement("ul");
  for (const line of rest) { const item = document.createElement("li"); item.textContent = line; list.append(item); }
  told.replaceChildren(head, list); told.hidden = false;
  const { width, height } = told.getBoundingClientRect();
  told.style.left = Math.max(8, Math.min(x + 14, document.documentElement.clientWidth - width - 8)) + scrollX + "px";
  told.style.top = (y + 18 + height > innerHeight ? Math.max(8, y - height - 12) : y + 18) + scrollY + "px";
}
for (const id of Object.keys(details)) {
  const element = document.getElementById(id);
  if (!element) continue;
  element.setAttribute("tabindex", "0");
  element.addEventListener("pointermove", (event) => tell(id, event.clientX, event.clientY));
  element.addEventListener("pointerleave", () => { told.hidden = true; });
  element.addEventListener("focus", () => { const box = element.getBoundingClientRect(); tell(id, box.left + box.width / 2, box.top + box.height / 2); });
  element.addEventListener("blur", () => { told.hidden = true; });
}
`;
