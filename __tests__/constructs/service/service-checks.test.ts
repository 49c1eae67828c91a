import type { ElixirServiceProps } from "../../../src/constructs/service/elixir-service-props";
import type { ReleaseSecret } from "../../../src/constructs/service/secrets/release-secret";
import { Layout, problemsOf } from "../layout";

function saidOf(props: Partial<ElixirServiceProps>): string[] {
  const layout = new Layout();
  layout.service(props.name ?? "myapp", props);
  return problemsOf(layout.stack);
}
const groups = (count: number) => Array.from({ length: count }, (_, index) => `sg-0000000${index}`);

describe("a service is refused", () => {
  it.each<[string, Partial<ElixirServiceProps>, string]>([
    [
      "whose deployment exceeds one DNS answer, with DNSPoll",
      { tasks: 5, deployment: { strategy: { rolling: { maximumPercent: 200 } } }, discovery: "dnspoll" },
      'a deployment of "myapp" runs up to 10 tasks (5 at 200 %), and one DNS answer has 8 records; libcluster\'s DNSPoll then disconnects the rest. Use the discovery "dns" or "dns_cluster", or maximumPercent 160',
    ],
    [
      "whose number of tasks somebody else sets, with DNSPoll",
      { tasks: 2, autoscaled: true, discovery: "dnspoll" },
      '"myapp" is autoscaled, so it can exceed the 8 records in one DNS answer; libcluster\'s DNSPoll then disconnects the rest. Use the discovery "dns" or "dns_cluster"',
    ],
    [
      "that has more tasks than one DNS answer names, with DNSPoll",
      { tasks: 12, discovery: "dnspoll" },
      'a deployment of "myapp" runs up to 24 tasks (12 at 200 %), and one DNS answer has 8 records; libcluster\'s DNSPoll then disconnects the rest. Use the discovery "dns" or "dns_cluster", or fewer than 8 tasks',
    ],
    [
      "with ECS Exec, a read-only root and nothing writable",
      { readonlyRootFilesystem: true, writableVolumes: false },
      "ECS Exec cannot start with a read-only root and no writable volumes: leave writableVolumes on, or set executeCommand to false",
    ],
    [
      "with the cookie in plain environment",
      { environment: { RELEASE_COOKIE: "monster" } },
      "RELEASE_COOKIE is in the plain environment, readable in task definition, plan and state: store it in an SSM SecureString and name that in releaseCookie",
    ],
    [
      "with SECRET_KEY_BASE in plain environment",
      { environment: { SECRET_KEY_BASE: "x" } },
      "SECRET_KEY_BASE is in the plain environment, readable in task definition, plan and state: store it in an SSM SecureString and name that in secrets.SECRET_KEY_BASE",
    ],
    [
      "with a variable that the layout sets",
      { environment: { CLUSTER_NODES: "a@b.c" } },
      "environment.CLUSTER_NODES must not be set: the option cluster sets it",
    ],
    [
      "with a command before its start that never ends",
      { beforeStart: ["start"] },
      'beforeStart begins with "start"; allowed: ["eval", "<an expression>"] for the release\'s script, or a program\'s path and its arguments, such as ["bin/migrate"]',
    ],
    [
      "with a command before its start that needs a running node",
      { beforeStart: ["rpc", "Shop.Release.migrate()"] },
      'beforeStart begins with "rpc"; allowed: ["eval", "<an expression>"] for the release\'s script, or a program\'s path and its arguments, such as ["bin/migrate"]',
    ],
    [
      "with nothing to evaluate before its start",
      { beforeStart: ["eval", " "] },
      'beforeStart has no expression after eval; allowed: ["eval", "<an expression>"] for the release\'s script, or a program\'s path and its arguments, such as ["bin/migrate"]',
    ],
    [
      "with epmd's port as a variable",
      { environment: { ERL_EPMD_PORT: "4370" } },
      "environment.ERL_EPMD_PORT must not be set: security groups open only epmd's default port; for another port, set distribution to singlePort",
    ],
    [
      "with one address for every node, from a secret",
      { secrets: { RELEASE_IP: {} as ReleaseSecret } },
      "secrets.RELEASE_IP must not be set: each node is named after its task's address, which env.sh reads from the metadata endpoint",
    ],
    [
      "with another cookie in the flags",
      { environment: { ERL_FLAGS: "-setcookie monster" } },
      "environment.ERL_FLAGS has the flag -setcookie; allowed: other flags: the release already sets the cookie. With two the VM takes neither, and each node gets a random one. The cookie comes from releaseCookie",
    ],
    [
      "with DNSCluster's query in its variables",
      { environment: { DNS_CLUSTER_QUERY: "shop.internal" } },
      'environment.DNS_CLUSTER_QUERY must not be set: the option discovery, with the value "dns_cluster", sets it',
    ],
    [
      "whose tasks are in more than 5 security groups",
      { extraSecurityGroups: groups(5) },
      "its tasks are in 6 security groups, AWS allows 5: myapp-service, sg-00000000, sg-00000001, sg-00000002, sg-00000003, sg-00000004. Remove some of extraSecurityGroups, or merge them",
    ],
    [
      "whose security group would have a name that AWS keeps for ids",
      { nameTemplates: { resources: "sg-{service}" } },
      'its security group would get the name "sg-myapp-service", and AWS rejects group names that begin with "sg-": change what its name begins with',
    ],
  ])("%s", (_, props, message) => {
    expect(saidOf(props)).toEqual([message]);
  });
});

describe("a service is taken", () => {
  it.each<[string, Partial<ElixirServiceProps>]>([
    ["with 4 tasks and DNSPoll: 8 while it is deployed", { tasks: 4, discovery: "dnspoll" }],
    ["with 7 tasks and DNSPoll: the default percentage keeps it at 8", { tasks: 7, discovery: "dnspoll" }],
    ["with 100 tasks and living members kept", { tasks: 100 }],
    ["with 100 tasks and DNSCluster, which never disconnects a node", { tasks: 100, discovery: "dns_cluster" }],
    ["with 100 tasks and no discovery by DNS, autoscaled", { tasks: 100, autoscaled: true, discovery: "none" }],
    ["with a read-only root and the volumes it comes with", { readonlyRootFilesystem: true }],
    [
      "with a read-only root, nothing writable and no ECS Exec",
      {
        readonlyRootFilesystem: true,
        writableVolumes: false,
        executeCommand: false,
      },
    ],
    ["in 5 security groups", { extraSecurityGroups: groups(4) }],
  ])("%s", (_, props) => {
    expect(saidOf(props)).toEqual([]);
  });
});
