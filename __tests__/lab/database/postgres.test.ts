import type { TaskRuntime } from "../../../src/lab/data-plane/data-plane";
import { startTaskRuntime } from "../../../src/lab/data-plane/runtime";
import { databaseNames, describeDatabase, Postgres } from "../../../src/lab/database/postgres";
import { runTask, taskAt } from "../sandbox-here";
import { postgresPrograms } from "../../../src/lab/database/postgres-programs";
import { describeWithPostgres } from "./postgres-here";

const toDatabase = { protocol: "tcp", fromPort: 5432, toPort: 5432 };
const groups = [
  { id: "sg-db", ingress: [{ id: "in", ...toDatabase, peer: { group: "sg-shop" } }], egress: [] },
  { id: "sg-shop", ingress: [], egress: [{ id: "out", ...toDatabase, peer: { group: "sg-db" } }] },
  { id: "sg-other", ingress: [], egress: [{ id: "all", protocol: "-1", peer: { cidr4: "0.0.0.0/0" } }] },
];

describeWithPostgres("PostgreSQL in the lab, in a namespace of its own", () => {
  let runtime: TaskRuntime;
  let postgres: Postgres;

  beforeAll(async () => {
    runtime = await startTaskRuntime({ vpcCidrs: ["10.0.0.0/16"], region: "eu-west-1" });
    await runtime.applySecurityGroups(groups);
    postgres = await Postgres.start(
      runtime,
      { address: "10.0.1.9", subnetCidr: "10.0.1.0/24", securityGroupIds: ["sg-db"], group: "shop-database" },
      { users: ["shop", 'a"b'], databases: ["shop_prod"] },
    );
    const names = databaseNames.map((name) => ({ name, address: postgres.address, ports: [] }));
    await runtime.applyDestinations(names);
  });
  afterAll(() => runtime.close());

  const psql = async (host: number, group: string, url: string, sql: string) => {
    const { task, container } = await runTask(runtime, taskAt(host, [group]), ["sleep", "1000"]);
    const environment = { PGCONNECT_TIMEOUT: group === "sg-shop" ? "30" : "2" };
    const said = await container.exec([`${postgresPrograms()}/psql`, "-X", "-At", url, "-c", sql], { environment });
    await task.remove();
    return said;
  };

  it.each(["postgres.lab", "shop.abc.eu-west-1.rds.amazonaws.com"])(
    "answers a task that it admits at %s, by TLS",
    async (name) => {
      const url = `postgres://shop:any@${name}/shop_prod?sslmode=require`;
      expect(await psql(11, "sg-shop", url, "SELECT current_user, version()")).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^shop\|PostgreSQL \d+/) as string,
      });
    },
  );

  it("doesn't answer a task that its group doesn't admit", async () => {
    const { code, stderr } = await psql(13, "sg-other", "postgres://shop:any@postgres.lab/shop_prod", "SELECT 1");
    expect(code).not.toBe(0);
    expect(stderr).toContain("timeout expired");
    const { denied } = await runtime.counters();
    expect(denied).toMatchObject([{ source: "10.0.1.13", destination: "10.0.1.9", port: 5432, direction: "ingress" }]);
  });

  it("has the users and databases that it is given, and doesn't run as root", async () => {
    const roles = "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1";
    expect((await postgres.query(roles, "postgres", ["-At"])).stdout).toBe('a"b\npostgres\nshop\n');
    const owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'shop_prod'";
    expect((await postgres.query(owner, "shop_prod", ["-At"])).stdout).toBe("shop\n");
    const user = `CREATE TEMP TABLE o (line text); COPY o FROM PROGRAM 'id -u; sed -n s/CapEff:.//p /proc/self/status'; SELECT * FROM o`;
    expect((await postgres.query(user, "postgres", ["-At", "-q"])).stdout).toBe("65534\n0000000000000000\n");
    expect(describeDatabase(postgres)).toBe(
      'PostgreSQL at postgres.lab, *.rds.amazonaws.com (10.0.1.9:5432), security group shop-database, users postgres, shop, a"b with any password, databases postgres, shop_prod',
    );
  });
});
