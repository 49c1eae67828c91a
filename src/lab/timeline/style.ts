/** The page's style: light, dark and print. */
export const style = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2330; --soft: #5b6575; --line: #d9dee6; --panel: #f5f7fa;
  --good: #1f8a4c; --running: #8fc9a6; --starting: #b9c4d4; --ending: #d9a441; --bad: #c8201c; --mesh: #3b76c4; --mesh-soft: #cfe0f5; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181f; --ink: #e6eaf0; --soft: #9aa5b5; --line: #333b47; --panel: #1b212a;
  --good: #3fae68; --running: #2c6b45; --starting: #4a5566; --ending: #b98a2f; --bad: #ff7b72; --mesh: #6ea8fe; --mesh-soft: #223a5c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1280px; padding: 32px 24px 64px; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 32px 0 10px; } p { margin: 0; color: var(--soft); }
.figures { display: flex; flex-wrap: wrap; gap: 8px; margin: 16px 0; padding: 0; list-style: none; }
.figures li { padding: 4px 12px; border-radius: 999px; background: var(--panel); border: 1px solid var(--line); }
.figures .bad { color: var(--bad); border-color: var(--bad); }
.drawing { overflow-x: auto; border: 1px solid var(--line); border-radius: 12px; background: var(--panel); padding: 14px; }
svg { display: block; min-width: 900px; width: 100%; height: auto; }
svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; fill: var(--ink); }
text.service { font-weight: 600; font-size: 13px; } text.soft, text.time { fill: var(--soft); font-size: 11px; } text.end { text-anchor: end; } text.time { text-anchor: middle; }
text.task { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 11px; white-space: pre; }
.grid { stroke: var(--line); fill: none; } .mesh { fill: var(--mesh-soft); stroke: var(--mesh); stroke-width: 1.2; } .told { fill: transparent; } .told:hover { fill: var(--mesh); opacity: .25; }
.traffic { fill: var(--running); } .denied, .lost { fill: var(--bad); } .joined { fill: var(--mesh); } .joined:hover, .lost:hover { stroke: currentColor; stroke-width: 2; }
.state.starting, .key.starting { fill: var(--starting); background: var(--starting); } .state.running, .key.running { fill: var(--running); background: var(--running); } .state.healthy, .key.healthy { fill: var(--good); background: var(--good); }
.state.unhealthy, .key.unhealthy, .key.lost { fill: var(--bad); background: var(--bad); } .state.ending, .key.ending { fill: var(--ending); background: var(--ending); } .key.joined { background: var(--mesh); }
.state:hover { opacity: .75; } .mark { fill: var(--paper); stroke: var(--soft); stroke-width: 1.5; } .mark.deployment { fill: var(--mesh); stroke: var(--mesh); } .done { stroke: var(--ending); stroke-width: 1; stroke-dasharray: 3 3; fill: none; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 10px 2px 0; color: var(--soft); font-size: 13px; } .key { display: inline-block; width: 14px; height: 9px; margin-right: 6px; border-radius: 2px; } .key.joined, .key.lost { width: 3px; height: 12px; vertical-align: -2px; }
table { border-collapse: collapse; font-size: 13.5px; width: 100%; } td { border-top: 1px solid var(--line); padding: 4px 10px 4px 0; vertical-align: top; overflow-wrap: anywhere; } td:first-child { white-space: nowrap; color: var(--soft); text-align: right; width: 70px; } td:nth-child(2) { white-space: nowrap; } tr.done td, tr.change td { font-weight: 600; } tr.problem td { color: var(--bad); }
@media print { :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --panel: #fff; --good: #1f8a4c; --running: #8fc9a6; --starting: #b9c4d4; --ending: #d9a441; --bad: #b00; --mesh: #3b76c4; --mesh-soft: #cfe0f5; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } @page { size: A4 landscape; margin: 12mm; } body { max-width: none; padding: 0; font-size: 11px; } .drawing { overflow: visible; border: 0; padding: 0; } svg { min-width: 0; } tr { break-inside: avoid; } h2 { break-after: avoid; } }
`;
