import { databaseAccounts } from "../../../src/lab/database/database-accounts";

const accounts = (variables: Record<string, string>) => databaseAccounts(Object.entries(variables));

describe("the accounts that containers' variables name", () => {
  it.each<[Record<string, string>, string[], string[]]>([
    [{ DATABASE_URL: "ecto://shop:pa:ss@db.internal:5432/shop_prod?pool=1" }, ["shop"], ["shop_prod"]],
    [{ URL: "postgresql://a%40b@db/app%2Fx" }, ["a@b"], ["app/x"]],
    [{ URL: "postgres://shop:x@db" }, ["shop"], ["shop"]],
    [{ URL: "postgres://db/app" }, [], ["app"]],
    [{ PGUSER: "shop", PGDATABASE: "app" }, ["shop"], ["app"]],
    [{ DATABASE_USER: "shop", DATABASE_NAME: "app" }, ["shop"], ["app"]],
    [{ SHOP_DB_USERNAME: "shop", SHOP_DB_NAME: "app" }, ["shop"], ["app"]],
    [{ POSTGRES_USER: "shop", POSTGRES_DB: "app", RDS_DB_NAME: "more" }, ["shop"], ["app", "more"]],
    [{ DATABASE_USER: "postgres", DATABASE_URL: "postgres://postgres:x@db/postgres" }, [], []],
    [{ DATABASE_HOST: "db", DB_PORT: "5432", USER: "me", NAME: "x", URL: "https://me@example.com/db" }, [], []],
  ])("in %j are users %j and databases %j", (variables, users, databases) => {
    expect(accounts(variables)).toEqual({ users, databases });
  });
});
