import { databasesOf, names } from "../../../src/review/servers/databases";
import { Resources } from "../../../src/review/read/resources";
import type { Values } from "../../../src/review/read/value";
import { resource } from "../resource";

const found = (values: Values, type = "aws_db_instance") =>
  databasesOf(new Resources([resource(`${type}.shop`, values)]));
const known = { engine: "postgres", vpc_security_group_ids: ["sg-0abc1234"] };

describe("databasesOf", () => {
  it.each<[Values, number | undefined]>([
    [known, 5432],
    [{ ...known, engine: "aurora-mysql" }, 3306],
    [{ ...known, port: 6000 }, 6000],
    [{ ...known, engine: "oracle-ee" }, undefined],
    [{ ...known, vpc_security_group_ids: [] }, undefined],
    [{ engine: "postgres" }, undefined],
  ])("finds the port of %j: %s", (values, port) => {
    expect(found(values).map((one) => one.port)).toEqual(port === undefined ? [] : [port]);
  });

  it("finds the groups of a cluster", () => {
    expect(found(known, "aws_rds_cluster").map(({ endpoint }) => endpoint.groups)).toEqual([["sg-0abc1234"]]);
  });
});

describe("names", () => {
  const address = "shop.abc.eu-west-1.rds.amazonaws.com";
  const [database] = found({ ...known, address, endpoint: `${address}:5432` });

  it.each([
    [`ecto://${address}/shop`, true],
    ["${aws_db_instance.shop.endpoint}", true],
    ["${aws_db_instance.shop.arn}", false],
    ["other.abc.eu-west-1.rds.amazonaws.com", false],
    ["", false],
  ])("the value %j: %s", (value, expected) => {
    expect(names(value, database!)).toBe(expected);
  });
});
