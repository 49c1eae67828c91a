import { coloursOf, type Markup, terminal, visible } from "../../foreign-text";
import type { NodeView } from "./ask-nodes";
import type { Diagnosis, ServiceSummary } from "./diagnosis";
import type { Finding } from "./findings/finding";
import { nodeName, sees } from "./findings/node-findings";

type Text = Markup<"terminal">;

const pc = coloursOf();
const marks = { error: pc.red("✗"), unchecked: pc.yellow("?"), note: pc.dim("·") };
const order = ["error", "unchecked", "note"] as const;

/** A diagnosis as text. */
export function report(diagnosis: Diagnosis): Text {
  const { environment, region, cluster, at, services, findings, nodes } = diagnosis;
  const lines = [
    terminal`${pc.bold(environment)}  ${region}, ECS cluster ${cluster}  ${pc.dim(at)}`,
    ...table(services),
    ...(nodes ? ["", ...drawing(nodes)] : []),
    "",
    ...order.flatMap((severity) => findings.filter((one) => one.severity === severity)).flatMap(explained),
    verdict(findings),
  ];
  return terminal.join(lines, terminal`\n`);
}

function explained({ severity, about, text, advice, details = [] }: Finding): Text[] {
  const further = [...details, ...(advice === undefined ? [] : [advice])];
  return [terminal`${marks[severity]} ${about}: ${text}`, ...further.map((line) => terminal`    ${line}`)];
}

function verdict(findings: readonly Finding[]): Text {
  const count = (severity: Finding["severity"]) => findings.filter((one) => one.severity === severity).length;
  const [errors, open] = [count("error"), count("unchecked")];
  if (errors + open === 0) return pc.green("Everything matches the configuration.");
  const counts = [
    ...(errors > 0 ? [pc.red(`${errors} ${errors === 1 ? "error" : "errors"}`)] : []),
    ...(open > 0 ? [pc.yellow(`${open} couldn't be checked`)] : []),
  ];
  return terminal.join(counts, terminal`, `);
}

function table(services: readonly ServiceSummary[]): Text[] {
  const head = ["service", "desired", "running", "pending", "registered", "one DNS answer", "security groups"];
  const rows = services.map(({ name, desired, running, pending, registered, dns, securityGroups }) =>
    [
      name,
      ...[desired, running, pending, registered].map(String),
      dns.candidates.length > dns.holds
        ? `${dns.holds} of ${dns.candidates.length}`
        : dns.candidates.join(" ") || "empty",
      securityGroups.join(" ") || "none",
    ].map(visible),
  );
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]) =>
    terminal`  ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join("  ")}`.trimEnd();
  return [pc.dim(line(head)), ...rows.map(line)];
}

/** Which nodes see each other: a row for each node that was asked, a column for each node that it may see. */
function drawing(nodes: readonly NodeView[]): Text[] {
  if (nodes.length === 0) return [terminal`  no nodes to ask`];
  const names = nodes.map((node) => visible(nodeName(node)));
  const width = Math.max(...names.map(({ length }) => length));
  const digits = String(nodes.length).length + 1;
  const sign = (from: NodeView, to: NodeView) => {
    if (from === to) return pc.dim("·");
    if (!from.sees) return pc.yellow("?");
    return sees(from, to) ? pc.green("●") : pc.red("✗");
  };
  const numbers = nodes.map((_, at) => String(at + 1).padStart(digits)).join("");
  return [
    pc.dim(`  ${" ".repeat(digits + 2 + width)}${numbers}`),
    ...nodes.map((from, at) => {
      const cells = nodes.map((to) => terminal`${" ".repeat(digits - 1)}${sign(from, to)}`);
      return terminal`  ${String(at + 1).padStart(digits)}  ${names[at]!.padEnd(width)}${cells}`;
    }),
    pc.dim("  ● sees  ✗ doesn't  ? no answer"),
  ];
}
