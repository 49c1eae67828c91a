import { type TaskParts, wrongContainers } from "../../src/containers/task-containers";

const distribution = [
  { from: 4369, to: 4369 },
  { from: 9000, to: 9010 },
];
const wrong = (task: TaskParts) =>
  wrongContainers("shop", { cpu: 512, memory: 1024, httpPort: 4000, healthCheck: {}, ...task }, distribution).map(
    ({ path, found = "", allowed }) => [path.join("."), found, allowed],
  );

it("finds nothing wrong with containers that fit together", () => {
  const task: TaskParts = {
    dependsOn: { agent: "HEALTHY" },
    sidecars: {
      agent: {
        dependsOn: { setup: "SUCCESS" },
        healthCheck: {},
        ports: [8125, 8126],
        cpu: 511,
        memory: 895,
        mounts: { config: { path: "/etc/agent" }, shared: { path: "/data" } },
      },
      setup: { mounts: { config: { path: "/etc/agent" } } },
      proxy: { essential: true, dependsOn: { shop: "HEALTHY" }, ports: [9011] },
    },
    volumes: { config: {}, shared: { mount: { path: "/data" } } },
    routerMemory: 128,
  };
  expect(wrong(task)).toEqual([]);
});

it.each<[string, TaskParts, [string, string, string]]>([
  [
    "the name of the node's container",
    { sidecars: { shop: {} } },
    ["sidecars.shop", '"shop" as a name', "another name: the node's container has this one"],
  ],
  [
    "the name of the container of beforeStart",
    { sidecars: { "shop-before-start": {} } },
    [
      "sidecars.shop-before-start",
      '"shop-before-start" as a name',
      "another name: the container of beforeStart has this one",
    ],
  ],
  [
    "the name of the log router",
    { sidecars: { "shop-log-router": {} } },
    ["sidecars.shop-log-router", '"shop-log-router" as a name', "another name: the log router has this one"],
  ],
  [
    "a dependency on no container",
    { dependsOn: { agnet: "START" }, sidecars: { agent: {} } },
    ["dependsOn.agnet", '"agnet" as a container', "other containers of the task: agent"],
  ],
  [
    "a dependency without sidecars",
    { dependsOn: { agent: "START" } },
    ["dependsOn.agent", '"agent" as a container', "nothing: the task has no sidecars"],
  ],
  [
    "a dependency on itself",
    { sidecars: { agent: { dependsOn: { agent: "START" } } } },
    ["sidecars.agent.dependsOn.agent", '"agent" as a container', "other containers of the task: shop"],
  ],
  [
    "the health of a container without a check",
    { dependsOn: { agent: "HEALTHY" }, sidecars: { agent: {} } },
    ["dependsOn.agent", "", "START, COMPLETE or SUCCESS: agent has no health check"],
  ],
  [
    "the health of a node without a check",
    { healthCheck: false, sidecars: { agent: { dependsOn: { shop: "HEALTHY" } } } },
    ["sidecars.agent.dependsOn.shop", "", "START, COMPLETE or SUCCESS: shop has no health check"],
  ],
  [
    "the end of an essential container",
    { sidecars: { agent: { dependsOn: { shop: "SUCCESS" } } } },
    ["sidecars.agent.dependsOn.shop", "", "START or HEALTHY: shop is essential, and its end would end the task"],
  ],
  [
    "containers that wait for each other",
    {
      dependsOn: { agent: "START" },
      sidecars: { agent: { dependsOn: { proxy: "START" } }, proxy: { dependsOn: { shop: "START" } } },
    },
    [
      "dependsOn",
      "a circle of shop, agent, proxy",
      "dependencies in one direction: each of these waits for another one",
    ],
  ],
  [
    "all CPU for sidecars",
    { sidecars: { agent: { cpu: 256 }, proxy: { cpu: 256 } } },
    ["cpu", "", "more than 512 (CPU units), which the containers next to the node reserve: the node needs its own"],
  ],
  [
    "all memory for sidecars and the log router",
    { sidecars: { agent: { memory: 896 } }, routerMemory: 128 },
    ["memory", "", "more than 1024 (MiB), which the containers next to the node reserve: the node needs its own"],
  ],
  [
    "the port of HTTP",
    { sidecars: { agent: { ports: [4000] } } },
    ["sidecars.agent.ports.0", "", "a port that no other container of the task listens on: HTTP has 4000"],
  ],
  [
    "the port of epmd",
    { sidecars: { agent: { ports: [1, 4369] } } },
    [
      "sidecars.agent.ports.1",
      "",
      "a port that no other container of the task listens on: Erlang distribution has 4369",
    ],
  ],
  [
    "a port of distribution",
    { sidecars: { agent: { ports: [9010] } } },
    [
      "sidecars.agent.ports.0",
      "",
      "a port that no other container of the task listens on: Erlang distribution has 9000–9010",
    ],
  ],
  [
    "the port of another sidecar",
    { sidecars: { agent: { ports: [8125] }, statsd: { ports: [8125] } } },
    [
      "sidecars.statsd.ports.0",
      "",
      "a port that no other container of the task listens on: the sidecar agent has 8125",
    ],
  ],
  [
    "a volume with the name of one of the node's own",
    { volumes: { tmp: { mount: { path: "/data" } } } },
    ["volumes.tmp", '"tmp" as a name', "a name other than ssm-agent-state, ssm-agent-log, tmp, the node's own volumes"],
  ],
  [
    "a volume that no container has",
    { volumes: { data: {} } },
    ["volumes.data", "no container that has it", "a mount here, or mounts of a sidecar"],
  ],
  [
    "a mount of no volume",
    { volumes: { data: { mount: { path: "/data" } } }, sidecars: { agent: { mounts: { dta: { path: "/data" } } } } },
    ["sidecars.agent.mounts.dta", '"dta" as a volume', "a volume of the service: data"],
  ],
  [
    "two volumes at one path",
    { volumes: { one: { mount: { path: "/data" } }, two: { mount: { path: "/data/" } } } },
    ["volumes.two.mount.path", "", "another path: the volume one is there"],
  ],
  [
    "a volume over the writable one of a read-only root",
    { readonlyRootFilesystem: true, volumes: { scratch: { mount: { path: "/tmp" } } } },
    ["volumes.scratch.mount.path", "", "another path: the volume tmp is there"],
  ],
  [
    "two volumes at one path of a sidecar",
    { volumes: { a: {}, b: {} }, sidecars: { agent: { mounts: { a: { path: "/x" }, b: { path: "/x" } } } } },
    ["sidecars.agent.mounts.b.path", "", "another path: the volume a is there"],
  ],
])("reports %s", (_, task, expected) => expect(wrong(task)).toEqual([expected]));
