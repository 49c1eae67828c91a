import { postgresPrograms } from "../../../src/lab/database/postgres-programs";
import { describeWithSandbox } from "../sandbox-here";

/** `describeWithSandbox` where this machine has PostgreSQL's server. Set-up installs it, so on CI it is an error when it is missing. */
export function describeWithPostgres(name: string, tests: () => void): void {
  if (postgresPrograms() !== undefined) return describeWithSandbox(name, tests);
  if (process.env.CI) throw new Error("postgresql isn't installed. Set-up installs it: node bin/setup.mjs test");
  console.warn(`SKIPPED ${name}: the package postgresql isn't installed`);
  describe.skip(name, tests);
}
