import type { Attempt, Layout } from "../../conformance/layout";
import { triedPorts } from "./random-layout";

/** Where connections come from: the first, one in the middle and the last of the ports that Linux takes. */
export const sourcePorts = [32_768, 45_000, 60_999] as const;

/** An attempt, and between which services it is. */
export interface Tried extends Attempt {
  readonly services: readonly [from: string, to: string];
}

/** Every task to every other, on every port; from several source ports where network ACLs see replies. */
export function attemptsOf(layout: Layout): Tried[] {
  const tasks = layout.services.flatMap(({ name, groups, tasks }) =>
    tasks.map((task) => ({ service: name, end: { ...task, groups } })),
  );
  const sources = layout.subnets.some(({ acl }) => acl !== undefined) ? sourcePorts : [sourcePorts[1]];
  return tasks.flatMap((from) =>
    tasks
      .filter((to) => to !== from)
      .flatMap((to) =>
        triedPorts.flatMap((port) =>
          sources.map((sourcePort): Tried => ({
            services: [from.service, to.service],
            from: from.end,
            to: to.end,
            port,
            sourcePort,
          })),
        ),
      ),
  );
}
