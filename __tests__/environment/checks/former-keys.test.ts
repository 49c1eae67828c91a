import { changed } from "../example";
import { messagesOf } from "../messages";

const services = "environments.prod.services";
const alone = "nothing: a service without cluster is a cluster of its own";
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
      "a chain is one cluster, next to another",
      former({ a: ["b"], b: ["c"], c: undefined, d: [], e: ["f"], f: undefined }),
      `${services}.a.clustersWith: ["b"]. Allowed: ${instead("a", "a", "b", "c")}.`,
      `${services}.b.clustersWith: ["c"]. Allowed: ${instead("a", "a", "b", "c")}.`,
      `${services}.d.clustersWith: []. Allowed: ${alone}.`,
      `${services}.e.clustersWith: ["f"]. Allowed: ${instead("e", "e", "f")}.`,
    ],
    [
      "a name that isn't there, the service itself, and no list",
      former({ a: ["nobody", "a"], b: "a" }),
      `${services}.a.clustersWith: ["nobody","a"]. Allowed: ${alone}.`,
      `${services}.b.clustersWith: "a". Allowed: ${alone}.`,
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
      `${services}.b.clustersWith: ["a"]. Allowed: ${instead("a", "a", "b", "billing")}.`,
      'environments.prod.peers.billing.cluster: is missing. Allowed: "a", the cluster of a, b, billing.',
    ],
    [
      "one group for all, which each cluster has by default",
      changed({ "prod/sharedSecurityGroup": { create: "distribution" } }),
      'environments.prod.sharedSecurityGroup: {"create":"distribution"}. Allowed: nothing: each cluster has one security group by default.',
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
