import { Images } from "../../control-plane/images";
import { postgresPort } from "../../database/database-group";
import { postgresMissing } from "../../database/postgres";
import { postgresPrograms } from "../../database/postgres-programs";
import { rpc } from "../../cluster/release-rpc";
import type { Lab } from "../../lab";
import type { RunningLab, Stage } from "../../stage";
import { type Finding, resultOf, type Scenario, type ScenarioOptions, seconds } from "../scenario";
import { AppliedChanges } from "../steps/applied-changes";
import { environmentOf } from "../steps/environment";
import { migratedService as service, MigrationWatch, withCommand } from "../steps/migrations";
import { databaseVariables, sqlExpression } from "../steps/sql";

const tasks = 3;
const group = "shop-database";
const noConnection = "no connection to the database: timeout";

/** What each version of the application does to the tables. */
const changes: Readonly<Record<number, string>> = {
  1: "CREATE TABLE visits (id serial PRIMARY KEY, node text NOT NULL)",
  2: "ALTER TABLE visits ADD COLUMN at timestamptz NOT NULL DEFAULT now()",
  3: "ALTER TABLE visits ADD COLUMN note text",
};

/** As Ecto's migrator: under a lock, once, and noted in a table. */
const migrate = (version: number): string[] => [
  "eval",
  `${sqlExpression(
    `SELECT pg_advisory_xact_lock(1); CREATE TABLE IF NOT EXISTS schema_migrations (version int PRIMARY KEY); ` +
      `DO $$ BEGIN IF NOT EXISTS (SELECT FROM schema_migrations WHERE version = ${version}) THEN ${changes[version]}; ` +
      `INSERT INTO schema_migrations VALUES (${version}); END IF; END $$`,
  )}; IO.puts("migrated to ${version} by #{node()}")`,
];

/** A list instead of all egress, so that `connectsTo` is what lets the tasks out to the database. */
const environment = environmentOf(
  {
    [service]: {
      tasks,
      beforeStart: migrate(1),
      environment: { ...databaseVariables, DATABASE_HOST: "shop.abcdefghijkl.eu-west-1.rds.amazonaws.com" },
      connectsTo: { database: { securityGroup: { name: group }, port: postgresPort } },
    },
  },
  { egress: [{ cidr: "0.0.0.0/0", ports: { from: 443, to: 443 } }] },
);

/** Migrations of a real table, through the security groups of the tasks and the database. */
export const database: Scenario = {
  name: "database",
  seconds: 40,
  proves:
    "migrations change a table in PostgreSQL in the VPC before the nodes start; without the egress rule of connectsTo, the migration fails and ECS rolls back",
  missing: () => (postgresPrograms() === undefined ? postgresMissing() : undefined),
  async run(stage, options) {
    await stage.apply(environment);
    const images = new Images([`${service}=${(await stage.release()).folder}`]);
    const starts = new MigrationWatch();
    const labOptions = { images, database: "database" };
    const seen = await stage.lab((running) => play(stage, running, starts, options), labOptions, starts.take);
    return resultOf(
      findings(seen),
      `2 migrations in ${tasks} tasks each, 1 rolled back without its rule in ${seconds(seen.rollbackMs)}; ${seen.losses} links lost`,
      { ...seen },
    );
  },
};

export interface Seen {
  /** Tasks that ran the migration before their node, at first and in the deployment that succeeds. */
  readonly migrated: readonly [first: number, second: number];
  /** Versions in the database after each deployment. */
  readonly versions: readonly [first: string, second: string, third: string];
  /** Columns of the table at the end. */
  readonly columns: string;
  /** Distinct nodes that wrote a row over the network. */
  readonly writers: number;
  readonly failedTasks: number;
  readonly failedTasksWithNode: number;
  readonly rollbackMs: number;
  readonly sameTasks: boolean;
  /** Whether the lab showed why the migration failed. */
  readonly shown: boolean;
  /** Whether the packets to the database were dropped by the tasks' own groups. */
  readonly deniedAtEgress: boolean;
  readonly losses: number;
}

async function play(
  stage: Stage,
  { lab, cluster, waits }: RunningLab,
  starts: MigrationWatch,
  { say, signal }: ScenarioOptions,
): Promise<Seen> {
  const applied = new AppliedChanges(stage.clients);
  const migrated = (version: number) => lab.tasks.filter(({ id }) => starts.migratedBeforeNode(id, version)).length;
  const deploy = async (version: number): Promise<void> => {
    await applied.revise(service, withCommand(migrate(version)));
    await lab.sync();
    await lab.steady({ signal });
  };
  say?.(`${tasks} tasks, each with a migration of the database: waiting until ECS is steady`);
  await lab.steady({ signal });
  await waits.meshed(tasks);
  const first = { migrated: migrated(1), versions: await versions(lab) };
  say?.("deploying a second migration");
  await deploy(2);
  await waits.meshed(tasks);
  const second = { migrated: migrated(2), versions: await versions(lab) };
  for (const { container } of lab.tasks)
    await rpc(container, sqlExpression("INSERT INTO visits (node) VALUES ('#{node()}')"));
  const before = lab.tasks.map(({ id }) => id);
  say?.("removing the egress rule to the database, then deploying a third migration");
  await applied.revoke(({ IsEgress, Description }) => IsEgress === true && Description === `${service} to database`);
  const from = Date.now();
  await deploy(3);
  const rollbackMs = Date.now() - from;
  const { denied } = await lab.runtime.counters();
  return {
    migrated: [first.migrated, second.migrated],
    versions: [first.versions, second.versions, await versions(lab)],
    columns: await values(
      lab,
      "SELECT column_name FROM information_schema.columns WHERE table_name = 'visits' ORDER BY 1",
    ),
    writers: Number(await values(lab, "SELECT count(DISTINCT node) FROM visits")),
    failedTasks: starts.failedTasks,
    failedTasksWithNode: starts.failedTasksWithNode,
    rollbackMs,
    sameTasks: lab.tasks.map(({ id }) => id).join() === before.join(),
    shown: starts.shown.some((text) => text.includes(noConnection)),
    deniedAtEgress: denied.some(
      ({ destination, port, direction }) =>
        destination === lab.database!.address && port === postgresPort && direction === "egress",
    ),
    losses: cluster.losses(from),
  };
}

/** Values of the rows' first columns, as the database itself gives them. */
async function values(lab: Lab, sql: string): Promise<string> {
  const { stdout } = await lab.database!.query(sql, databaseVariables.DATABASE_NAME, ["-At"]);
  return stdout.trim().split("\n").join(" ");
}

const versions = (lab: Lab) => values(lab, "SELECT version FROM schema_migrations ORDER BY 1");

/** What a run must show, each with its figures. */
export function findings(seen: Seen): Finding[] {
  const [first, second] = seen.migrated;
  const [afterFirst, afterSecond, afterThird] = seen.versions;
  return [
    {
      ok: first === tasks && afterFirst === "1",
      line: `${first} of ${tasks} tasks migrated before their node started; versions in the database: ${afterFirst}`,
    },
    {
      ok: second === tasks && afterSecond === "1 2",
      line: `a deployment: ${second} of ${tasks} tasks migrated; versions in the database: ${afterSecond}`,
    },
    { ok: seen.writers === tasks, line: `${seen.writers} of ${tasks} nodes wrote a row over the network` },
    {
      ok: seen.failedTasks >= 3 && seen.failedTasksWithNode === 0 && seen.shown && seen.deniedAtEgress,
      line: `without the egress rule: ${seen.failedTasks} tasks failed in their migration${seen.shown ? ` (${noConnection})` : ", for ANOTHER reason"}, ${seen.failedTasksWithNode} of their nodes started; packets ${seen.deniedAtEgress ? "" : "NOT "}dropped by the tasks' own groups`,
    },
    {
      ok: seen.sameTasks && afterThird === "1 2" && seen.columns === "at id node" && seen.losses === 0,
      line: `rolled back in ${seconds(seen.rollbackMs)}: ${seen.sameTasks ? "the same tasks" : "OTHER tasks"}, versions ${afterThird}, columns ${seen.columns}, ${seen.losses} links lost`,
    },
  ];
}
