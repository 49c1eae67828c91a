import { advice } from "../../advice";
import { UserError } from "../../user-error";
import type { Container, ExecResult, TaskRuntime, TaskSpec } from "../data-plane/data-plane";
import type { DatabaseAccounts } from "./database-accounts";
import { postgresPort } from "./database-group";
import { postgresPrograms } from "./postgres-programs";

/** What the database is reached by, besides its address: one of its own, and every name that RDS gives. */
export const databaseNames = ["postgres.lab", "*.rds.amazonaws.com"];

/**
 * Makes a new database cluster and becomes its server. PostgreSQL refuses to run as root, which the lab is within its namespaces:
 * it gets another user, in a user namespace of its own where there is no other one here. `trust`: every password is right.
 * Without `fsync`, since nothing of it outlives the lab.
 */
const script = `
set -eu
nobody="--reuid=65534 --regid=65534 --clear-groups"
if setpriv $nobody true 2>/dev/null; then as="setpriv $nobody"; else as="unshare --user --map-user=65534 --map-group=65534"; fi
exec $as -- sh -euc '
data=/data/cluster
"$0/initdb" -D $data -U postgres --auth=trust --no-sync --locale=C.UTF-8 --encoding=UTF8 --wal-segsize=1 >/tmp/initdb.log 2>&1 ||
  { cat /tmp/initdb.log >&2; exit 1; }
echo "host all all all trust" >> $data/pg_hba.conf
ssl=off
if openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=Lab of this machine" -keyout $data/server.key -out $data/server.crt 2>/dev/null
then chmod 600 $data/server.key; ssl=on
fi
exec "$0/postgres" -D $data -c listen_addresses="*" -c unix_socket_directories=/tmp -c ssl=$ssl -c fsync=off \\
  -c full_page_writes=off -c shared_buffers=32MB
' "$1"
`;

const started = "database system is ready to accept connections";

/** PostgreSQL in a network namespace of its own; it ends with its runtime. */
export class Postgres {
  private constructor(
    readonly address: string,
    /** Name of its security group. */
    readonly group: string,
    readonly accounts: DatabaseAccounts,
    private readonly programs: string,
    private readonly container: Container,
  ) {}

  /** @throws UserError when this machine has no PostgreSQL. */
  static async start(
    runtime: Pick<TaskRuntime, "createTask">,
    { group, ...place }: Pick<TaskSpec, "address" | "subnetCidr" | "securityGroupIds"> & { readonly group: string },
    accounts: DatabaseAccounts,
  ): Promise<Postgres> {
    const folder = postgresPrograms();
    if (folder === undefined) throw new UserError(postgresMissing());
    const about = { id: "database", arn: "database", cluster: "database", family: "database", revision: 1 };
    const task = await runtime.createTask({ ...about, ...place });
    let ready = (): void => {};
    const accepts = new Promise<"ready">((resolve) => (ready = () => resolve("ready")));
    const container = await task.startContainer({
      name: "postgres",
      image: "postgres",
      folder,
      command: ["sh", "-c", script, "postgres", folder],
      volumes: ["/data"],
      onOutput: (line) => line.includes(started) && ready(),
    });
    const postgres = new Postgres(place.address, group, accounts, folder, container);
    const first = await Promise.race([accepts, container.exited]);
    if (first !== "ready") throw new Error(`PostgreSQL ended with code ${first.exitCode}: ${container.log().trim()}`);
    await postgres.createAccounts();
    return postgres;
  }

  /**
   * Runs SQL as `postgres`, outside of the network.
   * @param options of psql, such as `-At` for values alone
   */
  async query(sql: string, database = "postgres", options: readonly string[] = []): Promise<ExecResult> {
    return this.psql(["-d", database, ...options, "-c", sql]);
  }

  private psql(args: readonly string[]): Promise<ExecResult> {
    return this.container.exec([`${this.programs}/psql`, "-X", "-h", "/tmp", "-U", "postgres", ...args]);
  }

  /** The first user owns the databases; the others have its rights. */
  private async createAccounts(): Promise<void> {
    const { users, databases } = this.accounts;
    const [owner, ...others] = users.map(identifier);
    const statements = [
      ...(owner === undefined ? [] : [`CREATE ROLE ${owner} LOGIN CREATEDB CREATEROLE`]),
      ...others.map((user) => `CREATE ROLE ${user} LOGIN CREATEDB CREATEROLE IN ROLE ${owner}`),
      ...databases.map((database) => `CREATE DATABASE ${identifier(database)} OWNER ${owner ?? "postgres"}`),
    ];
    if (statements.length === 0) return;
    const { code, stderr } = await this.psql(["-v", "ON_ERROR_STOP=1", ...statements.flatMap((each) => ["-c", each])]);
    if (code !== 0) throw new Error(`PostgreSQL refused an account: ${stderr.trim()}`);
  }
}

/** Where it is and who connects, in a line. */
export function describeDatabase({ address, group, accounts: { users, databases } }: Postgres): string {
  const named = (what: string, names: readonly string[]) => `${what} ${["postgres", ...names].join(", ")}`;
  return `PostgreSQL at ${databaseNames.join(", ")} (${address}:${postgresPort}), security group ${group}, ${named("users", users)} with any password, ${named("databases", databases)}`;
}

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** What is missing on a machine without PostgreSQL, and how to get it. */
export const postgresMissing = (): string =>
  `A database in the lab needs PostgreSQL's server. On Debian and Ubuntu: ${advice.installDebianPackages(["postgresql"])}`;
