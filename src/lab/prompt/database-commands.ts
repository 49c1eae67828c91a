import type { Command } from "./command";

/** What the database in the VPC is asked. */
export const databaseCommands: readonly Command[] = [
  {
    usage: "psql <SQL…>",
    does: "runs SQL in the lab's PostgreSQL, as its superuser (--postgres)",
    async run({ lab, print }, sql) {
      if (!lab.database) throw new Error("There is no database in this lab: start it with --postgres.");
      const [database = "postgres"] = lab.database.accounts.databases;
      const { stdout, stderr, code } = await lab.database.query(sql!, database);
      if (code !== 0) throw new Error(stderr.trim());
      print(stdout.trimEnd());
    },
  },
];
