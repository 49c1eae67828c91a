interface StateJson {
  readonly values?: { readonly root_module?: { readonly resources?: readonly { mode: string; type: string }[] } };
}

/** What an apply made, from `terraform show -json` and the outputs: how many of each type, and how to reach each service. */
export function made(state: unknown, outputs: Record<string, unknown>): string {
  const resources = (state as StateJson).values?.root_module?.resources ?? [];
  const counts = new Map<string, number>();
  for (const { type } of resources.filter(({ mode }) => mode === "managed"))
    counts.set(type, (counts.get(type) ?? 0) + 1);
  const byType = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, count]) => `${String(count).padStart(3)} ${type}`);
  const services = Object.values((outputs.services ?? {}) as Record<string, Record<string, string>>).map(
    (service) =>
      `${service.service}: ${service.dns_name}, ${service.security_group_id}, logs in ${service.log_group}` +
      (service.console ? `\n  ${service.console}` : ""),
  );
  return [...byType, "", ...services].join("\n");
}
