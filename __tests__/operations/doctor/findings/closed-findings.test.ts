import type { DeployedEnvironment } from "../../../../src/operations/deployed-environment";
import { closedFindings, type Reachable } from "../../../../src/operations/doctor/findings/closed-findings";
import type { GroupRule } from "../../../../src/operations/security-groups";

const environment = { name: "prod", file: "environments.json" } as DeployedEnvironment;
const ports = [{ from: 9000, to: 9000 }];
const member = (name: string, groups: readonly string[], isOurs = true): Reachable => ({
  name,
  groups,
  address: "192.0.2.1",
  ports,
  isOurs,
});
/** Both directions of a rule for the port, in one group, to another. */
const rules = (groupId: string, peerGroup: string, directions: readonly GroupRule["direction"][]): GroupRule[] =>
  directions.map((direction) => ({
    id: "sgr-1",
    groupId,
    direction,
    protocol: "tcp",
    ports: ports[0]!,
    peerGroup,
    networks: [],
    prefixList: undefined,
    tags: {},
  }));
const allPairs = (members: readonly Reachable[]) =>
  members.flatMap((from) => members.filter((to) => from.isOurs || to.isOurs).map((to) => [from, to] as const));
const messages = (members: readonly Reachable[], ...known: GroupRule[][]) =>
  closedFindings(environment, allPairs(members), known.flat()).map(({ about, text }) => `${about}: ${text}`);

const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
const shared = names.map((name) => member(name, [`sg-${name}`, "sg-cluster"]));

it("one finding for each direction where the group that twelve services share has no rule", () => {
  const groups = names.map((name, at) => (at === 0 ? `sg-${name}, sg-cluster` : `sg-${name}`)).join(", ");
  expect(messages(shared)).toEqual([
    `${names.join(", ")}: have no egress to each other on TCP 9000 in ${groups}`,
    `${names.join(", ")}: don't admit each other on TCP 9000 in ${groups}`,
  ]);
});

it("none with a rule in each direction, and one where a direction is missing", () => {
  expect(messages(shared, rules("sg-cluster", "sg-cluster", ["ingress", "egress"]))).toEqual([]);
  expect(messages(shared, rules("sg-cluster", "sg-cluster", ["egress"]))).toEqual([
    expect.stringMatching(/: don't admit each other on TCP 9000/),
  ]);
});

it("names the others where the services' own groups have rules for some", () => {
  const [a, b, c] = ["a", "b", "c"].map((name) => member(name, [`sg-${name}`])) as [Reachable, Reachable, Reachable];
  const all = [a, b, c].flatMap((from) =>
    [a, b, c].map((to) => rules(from.groups[0]!, to.groups[0]!, ["ingress", "egress"])),
  );
  const without = (group: string, ...peers: string[]) =>
    all.filter(([rule]) => !(rule!.groupId === group && peers.includes(rule!.peerGroup!)));
  expect(messages([a, b, c], ...without("sg-a", "sg-b", "sg-c"))).toEqual([
    "a: has no egress to b, c on TCP 9000 in sg-a",
    "a: doesn't admit b, c on TCP 9000 in sg-a",
  ]);
  expect(messages([a, b, c], ...without("sg-a", "sg-a"))).toEqual([
    "a: has no egress to its own tasks on TCP 9000 in sg-a",
    "a: doesn't admit its own tasks on TCP 9000 in sg-a",
  ]);
});

it("looks at our side of a peer only", () => {
  const members = [member("a", ["sg-a"]), member("billing", ["sg-1"], false)];
  expect(messages(members, rules("sg-a", "sg-a", ["ingress", "egress"]))).toEqual([
    "a: has no egress to billing on TCP 9000 in sg-a",
    "a: doesn't admit billing on TCP 9000 in sg-a",
  ]);
});
