import pc from "picocolors";
import type { NodeView } from "./ask-nodes";
import type { Diagnosis, ServiceSummary } from "./diagnosis";
import type { Finding } from "./finding";
import { nodeName, sees } from "./node-findings";

const marks = { error: pc.red("✗"), unchecked: pc.yellow("?"), note: pc.dim("·") };
const order = ["error", "unchecked", "note"] as const;

/** A diagnosis as text. */
export function report(diagnosis: Diagnosis): string {
  const { environment, region, cluster, at, services, findings, nodes } = diagnosis;
  return [
    `${pc.bold(environment)}  ${region}, ECS cluster ${cluster}  ${pc.dim(at)}`,
    ...table(services),
    ...(nodes ? ["", ...drawing(nodes)] : []),
    "",
    ...order.flatMap((severity) => findings.filter((one) => one.severity === severity)).flatMap(lines),
    verdict(findings),
  ].join("\n");
}

function lines({ severity, about, text, advice }: Finding): string[] {
  return [`${marks[severity]} ${about}: ${text}`, ...(advice === undefined ? [] : [`    ${advice}`])];
}

function verdict(findings: readonly Finding[]): string {
  const count = (severity: Finding["severity"]) => findings.filter((one) => one.severity === severity).length;
  const [errors, open] = [count("error"), count("unchecked")];
  if (errors + open === 0) return pc.green("All is as Terraform meant it.");
  return [
    ...(errors > 0 ? [pc.red(`${errors} ${errors === 1 ? "thing is" : "things are"} wrong`)] : []),
    ...(open > 0 ? [pc.yellow(`${open} couldn't be checked`)] : []),
  ].join(", ");
}

function table(services: readonly ServiceSummary[]): string[] {
  const head = ["service", "desired", "running", "pending", "registered", "one DNS answer", "security groups"];
  const rows = services.map(({ name, desired, running, pending, registered, dns, securityGroups }) => [
    name,
    ...[desired, running, pending, registered].map(String),
    dns.candidates.length > dns.holds
      ? `${dns.holds} of ${dns.candidates.length}`
      : dns.candidates.join(" ") || "empty",
    securityGroups.join(" ") || "none",
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join("  ")}`.trimEnd();
  return [pc.dim(line(head)), ...rows.map(line)];
}

/** Who sees whom: a row for the node that was asked, a column for each one it may see. */
function drawing(nodes: readonly NodeView[]): string[] {
  if (nodes.length === 0) return ["  no node to ask"];
  const names = nodes.map(nodeName);
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
      const cells = nodes.map((to) => " ".repeat(digits - 1) + sign(from, to)).join("");
      return `  ${String(at + 1).padStart(digits)}  ${names[at]!.padEnd(width)}${cells}`;
    }),
    pc.dim("  ● sees  ✗ doesn't  ? no answer"),
  ];
}
