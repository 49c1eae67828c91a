import { showPorts } from "../../../aws/network/ports";
import type { Check } from "../check";

export const distributionRangePartlyOpen: Check = {
  id: "distribution-range-partly-open",
  title: "The distribution range is only partly open",
  severity: "warning",
  rationale:
    "A node takes the first free port of its range. That one is open, so nodes connect now; a second node in the task, such as a remote shell that came first, moves the node to a port that is closed.",
  remediation: "Open the whole range, or make the range one port.",
  limitations: "It looks at pairs that connect; where the first port is closed, cannot-connect reports it.",
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
          message: `from ${from.name}, ${to.name} can be reached on ${showPorts({ from: range.from, to: gap.from - 1 })} of ${showPorts(range)}; ${showPorts(gap)} is closed`,
        };
    }
  },
};
