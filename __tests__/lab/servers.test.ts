import type { AppliedLayout } from "../../src/lab/control-plane/applied/applied";
import { AddressPool } from "../../src/lab/control-plane/task/network-interface";
import { startServers } from "../../src/lab/servers";
import { SimulatedRuntime } from "./simulated-runtime";
import { ScriptedAws } from "./control-plane/scripted-aws";

const layout = {
  securityGroups: { all: [] },
  services: [{ securityGroupIds: ["sg-tasks"], subnetIds: ["subnet-1"] }],
  loadBalancing: { loadBalancers: [] },
} as unknown as AppliedLayout;

const start = (options: Parameters<typeof startServers>[0]) => {
  const runtime = new SimulatedRuntime();
  const addresses = new AddressPool();
  const { clients } = new ScriptedAws({ DescribeSecurityGroups: () => ({}), DescribeSecurityGroupRules: () => ({}) });
  const database = startServers(options, { clients, runtime, layout, addresses }, () => undefined);
  return { runtime, addresses, database };
};

it("makes servers reachable, and keeps their addresses from tasks", async () => {
  const cache = { name: "10.0.1.4", address: "10.0.1.4", ports: [{ port: 6379, host: "127.0.0.1", hostPort: 6379 }] };
  const { runtime, addresses, database } = start({ destinations: [cache] });
  expect(await database).toBeUndefined();
  expect(runtime.destinations).toEqual([cache]);
  expect(addresses.allocate({ id: "subnet-1", cidr: "10.0.1.0/24" })).toBe("10.0.1.5");
});

it("rejects a database without a security group before any starts", async () => {
  const { runtime, database } = start({ database: "database" });
  await expect(database).rejects.toThrow("--postgres database: there is no security group of that name or id.");
  expect(runtime.notes).toEqual([]);
});
