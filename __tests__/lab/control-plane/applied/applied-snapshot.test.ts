import { changesBetween, SnapshotWatch } from "../../../../src/lab/control-plane/applied/applied-snapshot";
import type { AppliedTaskDefinition } from "../../../../src/lab/control-plane/applied/task-definitions";
import type { SecurityGroup, SecurityGroupRule } from "../../../../src/lab/data-plane/data-plane";
import { ScriptedAws } from "../scripted-aws";

const rule = (change: Partial<SecurityGroupRule> = {}): SecurityGroupRule => ({
  id: "sgr-1",
  protocol: "tcp",
  fromPort: 4369,
  toPort: 4369,
  peer: { group: "sg-other" },
  ...change,
});
const group = (...ingress: SecurityGroupRule[]): SecurityGroup => ({ id: "sg-1", ingress, egress: [] });
const withSecrets = (...secrets: { name: string; valueFrom: string }[]) => ({
  definition: { containers: [{ secrets }] } as unknown as AppliedTaskDefinition,
});
const cookie = (valueFrom: string) => withSecrets({ name: "RELEASE_COOKIE", valueFrom });
const awsWith = (version: number) =>
  new ScriptedAws({
    GetParameters: ({ Names }: { Names: string[] }) => ({
      Parameters: Names.map((Name) => ({ Name, Version: version })),
    }),
  });

describe("what is applied", () => {
  const rulesOf = async (group: SecurityGroup) =>
    (await new SnapshotWatch().changed(awsWith(1).clients, [group], []))!.rules;

  it.each<[Partial<SecurityGroupRule>, string]>([
    [{}, "ingress tcp 4369 from sg-other"],
    [{ fromPort: 9000, toPort: 9010 }, "ingress tcp 9000–9010 from sg-other"],
    [{ toPort: undefined }, "ingress tcp 4369 from sg-other"],
    [{ fromPort: 0, toPort: 65535 }, "ingress tcp 0–65535 from sg-other"],
    [{ protocol: "-1", fromPort: undefined, toPort: undefined }, "ingress all traffic from sg-other"],
    [{ protocol: "icmp", fromPort: -1, toPort: -1 }, "ingress icmp from sg-other"],
    [{ protocol: "50", fromPort: undefined, toPort: undefined }, "ingress 50 from sg-other"],
    [{ peer: { cidr4: "10.0.0.0/8" } }, "ingress tcp 4369 from 10.0.0.0/8"],
    [{ peer: { cidr6: "::/0" } }, "ingress tcp 4369 from ::/0"],
    [{ peer: { prefixList: "pl-1", cidrs: [] } }, "ingress tcp 4369 from pl-1"],
  ])("reads a rule in words: %j", async (change, words) => {
    expect(await rulesOf(group(rule(change)))).toEqual({ "sg-1": [words] });
  });

  it("has the rules in a fixed order, whatever order the API gives them in", async () => {
    const [a, b] = [rule(), rule({ fromPort: 1, toPort: 1 })];
    const rules = {
      "sg-1": ["egress tcp 4369 to sg-other", "ingress tcp 1 from sg-other", "ingress tcp 4369 from sg-other"],
    };
    expect(await rulesOf({ ...group(a, b), egress: [a] })).toEqual(rules);
    expect(await rulesOf({ ...group(b, a), egress: [a] })).toEqual(rules);
  });

  it("has the versions of cookies, which are parameters, each once and without its value", async () => {
    const aws = awsWith(4);
    const snapshot = await new SnapshotWatch().changed(
      aws.clients,
      [],
      [
        cookie("/org/cookie"),
        cookie("arn:aws:ssm:eu-west-1:123456789012:parameter/org/cookie"),
        cookie("/a-cookie"),
        cookie("arn:aws:secretsmanager:eu-west-1:123456789012:secret:cookie"),
        withSecrets({ name: "DATABASE_URL", valueFrom: "/org/database" }),
        { definition: undefined },
      ],
    );
    expect(snapshot).toEqual({ rules: {}, cookies: { "/a-cookie": 4, "/org/cookie": 4 } });
    expect(aws.requests("GetParameters")).toEqual([{ Names: ["/a-cookie", "/org/cookie"], WithDecryption: false }]);
  });

  it("is given at the first look, and again only once it has changed", async () => {
    const watch = new SnapshotWatch();
    const aws = awsWith(1);
    const look = (...rules: SecurityGroupRule[]) => watch.changed(aws.clients, [group(...rules)], [cookie("/cookie")]);
    expect(await look(rule())).toBeDefined();
    expect(await look(rule())).toBeUndefined();
    expect((await look())!.rules).toEqual({ "sg-1": [] });
    expect(await look()).toBeUndefined();
    aws.answer({ GetParameters: () => ({ Parameters: [{ Name: "/cookie", Version: 2 }] }) });
    expect((await look())!.cookies).toEqual({ "/cookie": 2 });
  });
});

describe("what differs between two snapshots", () => {
  const snapshot = (rules: Record<string, string[]>, cookies: Record<string, number> = {}) => ({ rules, cookies });

  it("are rules of a group, each removed or added one", () => {
    expect(changesBetween(snapshot({ "sg-1": ["a", "b"] }), snapshot({ "sg-1": ["b", "c"] }))).toEqual([
      "rule removed from sg-1: a",
      "rule added to sg-1: c",
    ]);
  });

  it("is a cookie's version", () => {
    expect(changesBetween(snapshot({}, { "/c": 1, "/d": 1 }), snapshot({}, { "/c": 2, "/d": 1 }))).toEqual([
      "cookie changed: version 2 of /c; tasks read it when they start",
    ]);
  });

  it("is nothing where only one of the two knows a group or a cookie", () => {
    expect(changesBetween(snapshot({ "sg-1": ["a"] }, { "/c": 1 }), snapshot({ "sg-2": ["a"] }, { "/d": 2 }))).toEqual(
      [],
    );
  });
});
