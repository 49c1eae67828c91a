import { taskRange } from "../aws/ecs/task-range";
import { connectionDefaults } from "../aws/defaults";
import { defaultMaximumPercent, maxTasks } from "../aws/ecs/deployment-percent";
import { shiftingOf } from "../deployment";
import type { Environment } from "../environment";

/** A warning about a service. */
interface Warning {
  readonly service: string;
  readonly message: string;
}

/**
 * Warnings about databases that give fewer connections than the pools of their services may open. A rolling deployment runs old
 * and new tasks at the same time. A migration before a task's node starts is over when its pool opens, and needs at most two.
 * Source: https://hexdocs.pm/ecto_sql/Ecto.Migrator.html#with_repo/3
 */
export function exhaustedConnections({ services }: Environment): Warning[] {
  const uses = Object.entries(services).flatMap(([service, options]) =>
    Object.entries(options.connectsTo).map(([name, connection]) => {
      const { tasks, deployment, discovery, environment, beforeStart } = options;
      const { max } = taskRange(tasks);
      const rolling: { readonly maximumPercent?: number | undefined } =
        deployment?.strategy !== undefined && "rolling" in deployment.strategy ? deployment.strategy.rolling : {};
      const polls = discovery === "dnspoll" && !(deployment && shiftingOf(deployment));
      const { maximumPercent = defaultMaximumPercent(max, polls) } = rolling;
      const stated = connection.poolSize ?? Number(environment.POOL_SIZE ?? connectionDefaults.poolSize);
      const pool = Math.max(stated, beforeStart ? 2 : 0);
      const most = maxTasks(max, maximumPercent);
      const server = JSON.stringify([connection.securityGroup, connection.port]);
      return { service, name, server, pool, most, ...connection };
    }),
  );
  return uses.flatMap(({ service, name, server, connections }): Warning[] => {
    if (connections === undefined) return [];
    const sharing = uses.filter((use) => use.server === server);
    const first = sharing.find((use) => use.connections !== undefined);
    const needed = sharing.reduce((sum, { most, pool }) => sum + most * pool, 0);
    // The warning names all services, so one is enough.
    if (first?.service !== service || first.name !== name || !(needed > connections)) return [];
    const each = sharing.map((use) => `${use.service}: ${use.most} tasks × ${use.pool}`).join(", ");
    return [
      {
        service,
        message: `a deployment may open ${needed} connections to "${name}" (${each}), and it has ${connections}: set a smaller POOL_SIZE or maximumPercent, or put a pooler such as RDS Proxy in front of it`,
      },
    ];
  });
}
