import { readFileSync } from "node:fs";
import path from "node:path";
import { holdsErlangFlags, overridingFlags } from "../../src/containers/erlang-flags";

const page = readFileSync(path.join(__dirname, "../../docs/phoenix.md"), "utf8");
const section = /^## Settings that override the task's$([^]*?)^## /m.exec(page)![1]!;
/** The code spans in the second column of a place's rows. */
function settings(place: string): string[] {
  const rows = section.split("\n").filter((line) => line.startsWith("| "));
  const first = rows.findIndex((row) => row.startsWith(`| ${place} `));
  const end = rows.findIndex((row, index) => index > first && !/^\| +\|/.test(row));
  const quoted = rows.slice(first, end).flatMap((row) => row.split("|")[2]!.match(/`[^`]+`/g) ?? []);
  return quoted.map((word) => word.slice(1, -1));
}

describe("docs/phoenix.md on settings that override the task's", () => {
  it("names flags that adopt, synth and the review find", () => {
    const flags = settings("`rel/vm.args.eex`").map((flag) => (/^inet_dist/.test(flag) ? `-kernel ${flag}` : flag));
    expect(flags).toContain("-kernel inet_dist_listen_max");
    expect(flags.filter((flag) => overridingFlags(/ /.test(flag) ? `${flag} 1` : `${flag} 1 1`).length !== 1)).toEqual(
      [],
    );
  });

  it("names variables that hold such flags, or that adopt finds by name", () => {
    const named = ["DNS_CLUSTER_QUERY", "ECTO_IPV6", "RELEASE_COOKIE"];
    const variables = settings("`rel/env.sh.eex`, `ENV` in the Dockerfile");
    expect(variables.filter((name) => !holdsErlangFlags(name))).toEqual(named);
    expect(variables.length).toBeGreaterThan(named.length);
  });
});
