import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../src/environment";
import { projectRoot } from "../../src/project-root";
import { environmentsApp } from "../../src/stacks/app/environments-app";
import { synthesize } from "../../src/stacks/app/synthesis";
import { exampleFile, exampleNames } from "../examples";
import { scratchFolder } from "../scratch";

interface Policy {
  readonly name: string;
  readonly policy: string;
}

/** Every statement of the roles that an example creates, as `role: actions`; those that its environment adds are left out. */
function statementsOf(example: string): string[] {
  const folder = scratchFolder("out");
  const environments = parseEnvironments(readFileSync(exampleFile(example), "utf8"), example);
  synthesize(environmentsApp(environments, folder), () => undefined);
  return Object.entries(environments).flatMap(([name, { services }]) => {
    const file = path.join(folder, "stacks", name, "cdk.tf.json");
    const { resource } = JSON.parse(readFileSync(file, "utf8")) as { resource: Record<string, Record<string, Policy>> };
    const own = Object.values(services).flatMap(({ taskRoleStatements }) =>
      taskRoleStatements.map(({ actions }) => [...actions].sort().join(", ")),
    );
    return Object.values(resource.aws_iam_role_policy ?? {}).flatMap(({ name: role, policy }) => {
      const { Statement } = JSON.parse(policy) as { Statement: { Action: string | string[] }[] };
      return Statement.map(({ Action }) => [Action].flat().sort().join(", "))
        .filter((actions) => role !== "task" || !own.includes(actions))
        .map((actions) => `${role}: ${actions}`);
    });
  });
}

it("security.md lists every statement of the roles that the examples create, and no other", () => {
  const page = readFileSync(path.join(projectRoot, "docs", "security.md"), "utf8").split("## IAM statements")[1]!;
  const listed = [...page.matchAll(/^\| (execution|task|schedule|flow-logs) +\| ([^|]+)\|/gm)].map(
    ([, role, actions]) => {
      const names = [...actions!.matchAll(/`([^`]+)`/g)].map(([, action]) => action!);
      return `${role}: ${names.sort().join(", ")}`;
    },
  );
  const created = new Set(exampleNames.flatMap(statementsOf));
  expect(listed.sort()).toEqual([...created].sort());
});
