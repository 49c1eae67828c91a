import { showPorts } from "../../../aws/network/ports";
import type { Check } from "../check";

export const distributionRangePartlyOpen: Check = {
  id: "distribution-range-partly-open",
  title: "The distribution range is only partly open",
  severity: "warning",
  rationale:
    "A node listens on the first free port of its range. That port is open, so nodes connect now. If another node in the task starts first, such as a remote shell, the node gets a closed port.",
  remediation: "Open the whole range, or make the range one port.",
  limitations: "The check looks only at pairs that connect. If the first port is closed, cannot-connect reports it.",
  sources: ["https://www.erlang.org/doc/apps/kernel/kernel_app.html#inet_dist_listen_min"],
  *find({ matrix, firewall }) {
    for (const { from, to, state } of matrix.pairs) {
      if (state !== "connects" || to.distribution.mode.value !== "epmd") continue;
      const range = to.distribution.ports.value;
      const { ingress, egress } = firewall.openPorts(from.endpoint, to.endpoint);
      const gap = ingress.missing(range)[0] ?? egress.missing(range)[0];
      if (gap)
        yield {
          address: to.resource.address,
          message: `${from.name} can reach ${to.name} on ${showPorts({ from: range.from, to: gap.from - 1 })} of ${showPorts(range)}; ${showPorts(gap)} is closed`,
        };
    }
  },
};
