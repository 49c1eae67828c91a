import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { postgresPrograms } from "../../../src/lab/database/postgres-programs";
import { scratchFolder } from "../../scratch";

it("finds the programs of the newest PostgreSQL that has its server, not those of a client alone", () => {
  const root = scratchFolder("postgresql");
  const install = (version: string, ...programs: string[]) => {
    const folder = path.join(root, version, "bin");
    mkdirSync(folder, { recursive: true });
    for (const name of programs) writeFileSync(path.join(folder, name), "");
    return folder;
  };
  expect(postgresPrograms(root)).toBeUndefined();
  const old = install("9", "initdb", "postgres", "psql");
  expect(postgresPrograms(root)).toBe(old);
  const newest = install("15", "initdb", "postgres", "psql");
  install("17", "psql");
  expect(postgresPrograms(root)).toBe(newest);
  expect(postgresPrograms(path.join(root, "none"))).toBeUndefined();
});
