import { postgresPort } from "../../database/database-group";

/** User and database of the application in the scenario; `DATABASE_HOST` has the server's name. */
const account = "shop";

/** Variables of a container that connects by {@link sqlExpression}. */
export const databaseVariables = { DATABASE_USER: account, DATABASE_NAME: account };

/**
 * Elixir that runs SQL by PostgreSQL's simple query protocol and gives the rows' first columns: what Ecto does, without its
 * packages. It fails with the server's message, or with why there is no connection.
 * Source: https://www.postgresql.org/docs/current/protocol-flow.html
 *
 * @param sql without quotation marks ("): it is within Elixir's
 */
export const sqlExpression = (sql: string): string =>
  [...connection, ...query(sql), ":gen_tcp.close(socket)"].join("; ");

/** On one line: an option of environments.json has no line breaks. */
const connection = [
  'host = String.to_charlist(System.fetch_env!("DATABASE_HOST"))',
  `connected = :gen_tcp.connect(host, ${postgresPort}, [:binary, active: false], 3000)`,
  'socket = case connected do {:ok, socket} -> socket; {:error, reason} -> raise("no connection to the database: #{reason}") end',
  "receive_all = fn receive_all, rows -> " +
    "{:ok, <<type, length::32>>} = :gen_tcp.recv(socket, 5); " +
    '{:ok, body} = if length > 4, do: :gen_tcp.recv(socket, length - 4), else: {:ok, ""}; ' +
    "case {type, body} do " +
    "{?Z, _} -> Enum.reverse(rows); " +
    '{?E, _} -> raise("PostgreSQL: " <> String.replace(body, <<0>>, " ")); ' +
    "{?D, <<_::16, size::32, value::binary-size(size), _::binary>>} -> receive_all.(receive_all, [value | rows]); " +
    "_ -> receive_all.(receive_all, rows) end end",
  `startup = Enum.map_join(["user", "${account}", "database", "${account}", ""], &(&1 <> <<0>>))`,
  ":ok = :gen_tcp.send(socket, <<byte_size(startup) + 8::32, 196_608::32, startup::binary>>)",
  "receive_all.(receive_all, [])",
];

const query = (sql: string) => [
  `sql = "${sql}"`,
  ":ok = :gen_tcp.send(socket, <<?Q, byte_size(sql) + 5::32, sql::binary, 0>>)",
  "receive_all.(receive_all, [])",
];
