import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../src/environment";
import { environmentsApp } from "../../src/stacks/app/environments-app";
import { changed } from "../environment/example";
import { scratchFolder } from "../scratch";

/** Descriptions of the rules for a connection of myapp to a database. */
function rules(egress: unknown, connection: object = {}) {
  const connectsTo = { database: { securityGroup: { id: "sg-0abc1234" }, port: 5432, ...connection } };
  const file = changed({ "prod/services/myapp/egress": egress, "prod/services/myapp/connectsTo": connectsTo });
  const folder = scratchFolder("out");
  environmentsApp(parseEnvironments(JSON.stringify(file), "environments.json"), folder).synth();
  const { resource } = JSON.parse(readFileSync(path.join(folder, "stacks/prod/cdk.tf.json"), "utf8")) as {
    resource: Record<string, Record<string, { description?: string }>>;
  };
  const described = ["ingress", "egress"].flatMap((direction) =>
    Object.values(resource[`aws_vpc_security_group_${direction}_rule`] ?? {}).map(({ description }) => description),
  );
  return described.filter((description) => description?.includes("database"));
}
const listed = [{ protocol: "tcp", ports: { from: 443, to: 443 }, cidr: "0.0.0.0/0" }];

describe("connect", () => {
  it.each<[unknown, object, string[]]>([
    ["open", {}, ["database from myapp"]],
    ["guarded", {}, ["database from myapp"]],
    ["guarded", { port: 4369 }, ["database from myapp", "myapp to database"]],
    [listed, {}, ["database from myapp", "myapp to database"]],
    [listed, { allowIngress: false }, ["myapp to database"]],
  ])("with egress %j, and %j, makes the rules %j", (egress, connection, expected) => {
    expect(rules(egress, connection)).toEqual(expected);
  });
});
