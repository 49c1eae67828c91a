import { readFileSync } from "node:fs";
import path from "node:path";
import { changed } from "../example";
import { messagesOf } from "../messages";

const services = "environments.prod.services";
const alone = (service: string) => `no clustersWith: ${service} is a cluster of its own without the key cluster`;
const image = { uri: "ghcr.io/acme/myapp:1.4.2" };
const peer = { node: "billing@billing.other.local", securityGroup: { id: "sg-0abc1234" } };

/** An example of an earlier version: some services with their lists, and other keys. */
const former = (lists: Readonly<Record<string, unknown>>, options: Record<string, unknown> = {}) =>
  changed({
    "prod/services": Object.fromEntries(
      Object.entries(lists).map(([name, clustersWith]) => [
        name,
        clustersWith === undefined ? { image } : { image, clustersWith },
      ]),
    ),
    ...options,
  });
const instead = (cluster: string, ...members: string[]) =>
  `"cluster": "${cluster}" instead, in each of ${members.join(", ")}: all members of a cluster reach each other`;

describe("a key of an earlier version gets this file's new form", () => {
  it.each<[string, unknown, ...string[]]>([
    [
      "two services",
      former({ myapp: undefined, myapp2: ["myapp"] }),
      `${services}.myapp2.clustersWith: ["myapp"]. Allowed: ${instead("myapp", "myapp", "myapp2")}.`,
    ],
    [
      "two options of logs become one",
      changed({
        "prod/services/myapp/logDriver": { blocking: {} },
        "prod/services/myapp/logRetentionDays": 365,
        "prod/services/myapp2/logRetentionDays": 7,
      }),
      `${services}.myapp.logDriver: {"blocking":{}}. Allowed: "logs": {"driver":{"awslogs":{"blocking":{}}},"retentionDays":365} instead.`,
      `${services}.myapp.logRetentionDays: 365. Allowed: "logs": {"driver":{"awslogs":{"blocking":{}}},"retentionDays":365} instead.`,
      `${services}.myapp2.logRetentionDays: 7. Allowed: "logs": {"retentionDays":7} instead.`,
    ],
    [
      "a chain is one cluster, next to another",
      former({ a: ["b"], b: ["c"], c: undefined, d: [], e: ["f"], f: undefined }),
      `${services}.a.clustersWith: ["b"]. Allowed: ${instead("a", "a", "b", "c")}.`,
      `${services}.b.clustersWith: ["c"]. Allowed: "cluster": "a" instead, as for a.`,
      `${services}.d.clustersWith: []. Allowed: ${alone("d")}.`,
      `${services}.e.clustersWith: ["f"]. Allowed: ${instead("e", "e", "f")}.`,
    ],
    [
      "a name that isn't there, the service itself, and no list",
      former({ a: ["nobody", "a"], b: "a" }),
      `${services}.a.clustersWith: ["nobody","a"]. Allowed: ${alone("a")}.`,
      `${services}.b.clustersWith: "a". Allowed: ${alone("b")}.`,
    ],
    [
      "a load balancer of a service",
      changed({
        "prod/services/myapp/loadBalancer": {
          targetGroupArn: "arn:tg",
          securityGroupId: "sg-0abc1234",
          healthCheckGracePeriodSeconds: 90,
        },
      }),
      `${services}.myapp.loadBalancer: {"targetGroupArn":"arn:tg","securityGroupId":"sg-0abc1234","healthCheckGraceP…. Allowed: "web": {"targetGroup":{"arn":"arn:tg","securityGroupId":"sg-0abc1234"},"healthCheckGracePeriodSeconds":90} instead; or "web": { "domain": "…" } with the environment's loadBalancer.`,
    ],
    [
      "a peer joins the cluster of those that name it",
      former({ a: ["billing"], b: ["a"] }, { "prod/peers": { billing: peer } }),
      `${services}.a.clustersWith: ["billing"]. Allowed: ${instead("a", "a", "b", "billing")}.`,
      `${services}.b.clustersWith: ["a"]. Allowed: "cluster": "a" instead, as for a.`,
      'environments.prod.peers.billing.cluster: is missing. Allowed: "a", the cluster of a, b, billing.',
    ],
    [
      "one group for all, which each cluster has by default",
      changed({ "prod/sharedSecurityGroup": { create: "distribution" } }),
      'environments.prod.sharedSecurityGroup: {"create":"distribution"}. Allowed: no sharedSecurityGroup: each cluster has one security group by default.',
    ],
    [
      "one group for all traffic",
      changed({ "prod/sharedSecurityGroup": { create: "all-traffic" } }),
      'environments.prod.sharedSecurityGroup: {"create":"all-traffic"}. Allowed: "distributionRules": "all-traffic" instead.',
    ],
    [
      "an existing group, with each cluster",
      former({ a: ["b"], b: undefined, c: undefined }, { "prod/sharedSecurityGroup": { id: "sg-0abc1234" } }),
      `${services}.a.clustersWith: ["b"]. Allowed: ${instead("a", "a", "b")}.`,
      'environments.prod.sharedSecurityGroup: {"id":"sg-0abc1234"}. Allowed: "distributionRules": { "groups": { "a": "sg-0abc1234", "c": "sg-0abc1234" } } instead.',
    ],
  ])("%s", (_, file, ...messages) => {
    expect(messagesOf(file)).toEqual(messages);
  });
});

it("docs/configuration.md lists each of them", () => {
  const page = readFileSync(path.join(__dirname, "../../../docs/configuration.md"), "utf8");
  const section = page.slice(page.indexOf("## Keys of earlier versions"));
  expect([...section.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key)).toEqual([
    "clustersWith",
    "sharedSecurityGroup",
    "resolver",
    "logDriver",
    "logRetentionDays",
    "loadBalancer",
  ]);
});

it("twelve services of one cluster: the first error names them all", () => {
  const names = Array.from({ length: 12 }, (_, at) => `s${at}`);
  const lists = names.map((name, at) => [name, [names[(at + 1) % 12], names[(at + 5) % 12]]] as const);
  const messages = messagesOf(former(Object.fromEntries(lists)));
  expect(messages).toHaveLength(12);
  expect(messages[0]).toBe(`${services}.s0.clustersWith: ["s1","s5"]. Allowed: ${instead("s0", ...names)}.`);
  expect(messages[11]).toBe(`${services}.s11.clustersWith: ["s0","s4"]. Allowed: "cluster": "s0" instead, as for s0.`);
});
