/** Users and databases that an application connects with. */
export interface DatabaseAccounts {
  readonly users: readonly string[];
  readonly databases: readonly string[];
}

/** Who a server has from the start, and what it calls its own database. */
const initial = "postgres";

const url = /^(?:postgres|postgresql|ecto):\/\/(?:([^:/@]+)(?::[^@]*)?@)?[^/?#]+(?:\/([^?#]+))?/;
const prefix = "(?:DATABASE|DB|PG|POSTGRES(?:QL)?|RDS)_?";
const userVariable = new RegExp(`(?:^|_)${prefix}USER(?:NAME)?$`);
const databaseVariable = new RegExp(`(?:^|_)(?:${prefix}(?:NAME|DB(?:_?NAME)?|DATABASE)|POSTGRES_DB)$`);

/**
 * What containers' variables say of a database: the user and the database of a URL (`postgres://`, `ecto://`), and variables such
 * as `DATABASE_USER`, `PGUSER`, `DB_NAME`. The server has `postgres` and the database `postgres` in any case.
 */
export function databaseAccounts(variables: Iterable<readonly [name: string, value: string]>): DatabaseAccounts {
  const users = new Set<string>();
  const databases = new Set<string>();
  const add = (set: Set<string>, name: string | undefined) => {
    if (name !== undefined && name !== "" && name !== initial) set.add(name);
  };
  for (const [name, value] of variables) {
    const [match, user, database] = url.exec(value) ?? [];
    if (match !== undefined) {
      add(users, decoded(user));
      // Libpq's default: the database of the user's name.
      add(databases, decoded(database ?? user));
    } else if (userVariable.test(name)) add(users, value);
    else if (databaseVariable.test(name)) add(databases, value);
  }
  return { users: [...users], databases: [...databases] };
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return text;
  }
}
