import { targetGroupName } from "../../aws/arn";
import type { Command } from "./command";
import { aligned, shortId } from "./tasks-here";
import { openWebPages } from "./web-page";

/** Commands for load balancers. */
export const webCommands: readonly Command[] = [
  {
    usage: "targets",
    does: "every target of a load balancer with its health",
    run({ lab, print }) {
      const rows = lab.loadBalancing.targets.map(({ taskId, group, address, port, health }) => [
        shortId({ id: taskId }),
        targetGroupName(group),
        `${address}:${port}`,
        health.state,
        health.description ?? "",
      ]);
      print(rows.length === 0 ? "None." : aligned([["TASK", "TARGET GROUP", "ADDRESS", "HEALTH", "REASON"], ...rows]));
    },
  },
  {
    usage: "web",
    does: "prints URLs on this machine that go through the load balancers",
    async run({ lab, print }) {
      const pages = await openWebPages(lab);
      print(pages.map(({ url }) => url).join("\n") || "No load balancer forwards anything.");
    },
  },
];
