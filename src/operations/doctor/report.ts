import { coloursOf, type Markup, terminal, visible } from "../../foreign-text";
import { legend, meshTable } from "../../mesh/mesh-table";
import type { NodeView } from "./ask-nodes";
import type { Diagnosis, ServiceSummary } from "./diagnosis";
import type { Finding } from "./findings/finding";

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

function drawing(nodes: readonly NodeView[]): Text[] {
  if (nodes.length === 0) return [terminal`  no nodes to ask`];
  return [...meshTable(nodes, pc), pc.dim(legend)].map((line) => terminal`  ${line}`);
}
