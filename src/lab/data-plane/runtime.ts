import { mkdirSync } from "node:fs";
import type { Faults, TaskRuntime, TaskRuntimeOptions } from "./data-plane";
import { forward } from "./connections/forwarding";
import { Outbound } from "./connections/outbound";
import { bothOf } from "./faults/faults";
import { Sandbox } from "./sandbox/sandbox";
import { SandboxedTasks } from "./task/sandboxed-tasks";

/**
 * Makes the VPC on this machine: a sandbox whose network namespace is its router, with resolver and metadata endpoint.
 * @throws Error that says what this machine lacks, or which CIDR block is none.
 */
export async function startTaskRuntime(options: TaskRuntimeOptions): Promise<TaskRuntime> {
  const { logFolder, onNetwork } = options;
  if (logFolder) mkdirSync(logFolder, { recursive: true });
  const outbound = new Outbound();
  const sandbox: Sandbox = await Sandbox.start((event, handle) => {
    if ("accepted" in event) outbound.connect(event, handle!);
    else if ("answerTo" in event)
      onNetwork?.({ kind: "answer", to: event.answerTo, name: event.name, addresses: event.addresses });
    else if ("agentRequest" in event) void tasks.answerAgent(event);
    else tasks.report(event);
  });
  const tasks = new SandboxedTasks(sandbox, logFolder);
  let inForce: Faults = {};
  try {
    const { vpcCidrs, region } = options;
    return {
      abilities: await sandbox.call("open", { vpcCidrs, region }),
      closed: sandbox.closed,
      createTask: (spec, agent) => tasks.create(spec, agent),
      applySecurityGroups: (groups) => sandbox.call("applySecurityGroups", groups),
      assignSecurityGroups: (assignments) => sandbox.call("assignSecurityGroups", assignments),
      applySubnets: (subnets) => sandbox.call("applySubnets", subnets),
      applyZones: (zones) => sandbox.call("applyZones", zones),
      applyLoadBalancers: (loadBalancers) => sandbox.call("applyLoadBalancers", loadBalancers),
      applyDestinations: (destinations, onUnreachable) => {
        outbound.destinations = destinations;
        outbound.onUnreachable = onUnreachable;
        return sandbox.call("applyDestinations", destinations);
      },
      checkTarget: (id, check) => sandbox.call("checkTarget", id, check),
      forwardToLoadBalancer: (loadBalancer, port, hostPort) =>
        forward(hostPort ?? 0, (socket) => sandbox.connect(socket, { loadBalancer, port })),
      applyFaults: async (faults) => {
        // Reported before as well as after: what happens while they are applied has them as its cause.
        onNetwork?.({ kind: "faults", faults: bothOf(inForce, faults) });
        await sandbox.call("applyFaults", faults);
        inForce = faults;
        onNetwork?.({ kind: "faults", faults });
      },
      configureResolver: (resolver) => sandbox.call("configureResolver", resolver),
      counters: () => sandbox.call("counters"),
      probe: (probes, milliseconds) => sandbox.call("probe", probes, milliseconds),
      capture: async () => {
        await sandbox.call("startCapture");
        return (sought) => sandbox.call("endCapture", sought);
      },
      statistics: () => sandbox.call("statistics"),
      close: () => sandbox.close(),
    };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}
