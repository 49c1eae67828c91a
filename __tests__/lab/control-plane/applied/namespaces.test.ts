import { readNamespaces } from "../../../../src/lab/control-plane/applied/namespaces";
import { pages, ScriptedAws } from "../scripted-aws";

const namespace = (Id: string, change: object = {}, dns: object = {}) => ({
  Id,
  Name: `${Id}.local`,
  Type: "DNS_PRIVATE",
  Properties: { DnsProperties: { HostedZoneId: `zone-of-${Id}`, ...dns } },
  ...change,
});
const service = (Id: string, NamespaceId: string, dns: object = {}, change: object = {}) => ({
  Id,
  Name: `name-of-${Id}`,
  DnsConfig: {
    NamespaceId,
    DnsRecords: [
      { Type: "SRV", TTL: 5 },
      { Type: "A", TTL: 10 },
    ],
    ...dns,
  },
  ...change,
});

const awsWith = (namespaces: object[], services: object[] = []) =>
  new ScriptedAws({
    ListNamespaces: pages("NextToken", {}, { Namespaces: namespaces }),
    ListServices: pages("NextToken", {}, { Services: services }),
    GetHostedZone: ({ Id }: { Id: string }) =>
      Id === "zone-of-nobody" ? {} : { VPCs: [{ VPCId: Id === "zone-of-other" ? "vpc-2" : "vpc-1" }] },
    ListInstances: ({ ServiceId }: { ServiceId: string }) => ({
      Instances:
        ServiceId === "srv-1"
          ? [
              { Id: "task-1", Attributes: { AWS_INSTANCE_IPV4: "10.0.0.4" } },
              { Id: "task-2", Attributes: { AWS_INSTANCE_IPV4: "10.0.0.5" } },
              { Id: "alias", Attributes: { AWS_ALIAS_DNS_NAME: "lb" } },
            ]
          : [],
    }),
    GetInstancesHealthStatus: () => ({ Status: { "task-1": "HEALTHY", "task-2": "UNHEALTHY" } }),
  });

it("reads the namespaces that the VPC resolves, with their services and instances", async () => {
  const { clients } = awsWith(
    [namespace("one", {}, { SOA: { TTL: 60 } }), namespace("other"), namespace("nobody")],
    [service("srv-1", "one", { RoutingPolicy: "WEIGHTED" }, { HealthCheckCustomConfig: {} })],
  );
  expect(await readNamespaces(clients, "vpc-1")).toEqual([
    {
      id: "one",
      name: "one.local",
      soaTtl: 60,
      services: [
        {
          id: "srv-1",
          name: "name-of-srv-1",
          routingPolicy: "WEIGHTED",
          ttl: 10,
          customHealth: true,
          instances: [
            { id: "task-1", address: "10.0.0.4", healthy: true },
            { id: "task-2", address: "10.0.0.5", healthy: false },
          ],
        },
      ],
    },
  ]);
});

it("leaves out services of another namespace, and those without an A record", async () => {
  const { clients } = awsWith(
    [namespace("one")],
    [
      service("srv-2", "other"),
      service("srv-3", "one", { DnsRecords: [{ Type: "AAAA", TTL: 10 }] }),
      service("srv-4", "one", { DnsRecords: undefined }),
      { Id: "srv-5", Name: "http" },
    ],
  );
  expect(await readNamespaces(clients, "vpc-1")).toEqual([
    { id: "one", name: "one.local", soaTtl: undefined, services: [] },
  ]);
});

it("fills in what AWS takes where a service says nothing", async () => {
  const { clients } = awsWith(
    [namespace("one", {}, { SOA: undefined })],
    [service("srv-2", "one", { DnsRecords: [{ Type: "A" }] }, { HealthCheckCustomConfig: null })],
  );
  const [{ services } = { services: [] }] = await readNamespaces(clients, "vpc-1");
  expect(services).toEqual([
    {
      id: "srv-2",
      name: "name-of-srv-2",
      routingPolicy: "MULTIVALUE",
      ttl: 60,
      customHealth: false,
      instances: [],
    },
  ]);
});

it.each([
  ["public", { Type: "DNS_PUBLIC" }],
  ["without DNS", { Type: "HTTP", Properties: {} }],
  ["without a hosted zone", { Properties: { DnsProperties: {} } }],
  ["without properties", { Properties: undefined }],
])("leaves out a namespace that is %s", async (_, change) => {
  const aws = awsWith([namespace("one", change)]);
  expect(await readNamespaces(aws.clients, "vpc-1")).toEqual([]);
  expect(aws.requests("GetHostedZone")).toEqual([]);
});
