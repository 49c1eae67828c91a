import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../src/environment";
import { reviewPlan } from "../../src/review/review";
import { environmentsApp } from "../../src/stacks/app/environments-app";
import { synthesize } from "../../src/stacks/app/synthesis";
import { changed } from "../environment/example";
import { scratchFolder } from "../scratch";

interface Stack {
  readonly resource: Record<string, Record<string, { volume: { efs_volume_configuration?: object }[] }>>;
}
const fileSystem = "fs-0123456789abcdef0";
const accessPoint = "fsap-0123456789abcdef0";

/** The findings about a service's EFS volume. */
function found(efs?: object) {
  const folder = scratchFolder("out");
  const volumes = { uploads: { efs: { fileSystem, accessPoint }, mount: { path: "/uploads" } } };
  const file = JSON.stringify(changed({ "prod/services/myapp/volumes": volumes }));
  synthesize(environmentsApp(parseEnvironments(file, "file"), folder), () => undefined);
  const stack = JSON.parse(readFileSync(path.join(folder, "stacks/prod/cdk.tf.json"), "utf8")) as Stack;
  const all = Object.values(stack.resource.aws_ecs_task_definition!).flatMap(({ volume = [] }) => volume);
  const [uploads] = all.filter((volume) => volume.efs_volume_configuration !== undefined);
  if (efs) uploads!.efs_volume_configuration = { file_system_id: fileSystem, ...efs };
  return reviewPlan(stack)
    .findings.filter(({ check }) => check.id === "efs-not-encrypted")
    .map(({ severity, message }) => `${severity}: ${message}`);
}

it("finds nothing in our own volumes", () => expect(found()).toEqual([]));

it("finds nothing where the setting isn't known before apply", () =>
  expect(found({ transit_encryption: "${var.encryption}" })).toEqual([]));

it.each([
  [{}, "warning: volume uploads has no transit_encryption"],
  [{ transit_encryption: "DISABLED" }, "warning: volume uploads has no transit_encryption"],
  [
    { authorization_config: { iam: "DISABLED", access_point_id: "" } },
    "warning: volume uploads has no transit_encryption",
  ],
  [
    { authorization_config: { iam: "ENABLED", access_point_id: accessPoint } },
    "error: volume uploads has no transit_encryption, which AWS rejects with IAM authorization and an access point",
  ],
  [
    { transit_encryption: "DISABLED", authorization_config: { access_point_id: accessPoint } },
    "error: volume uploads has no transit_encryption, which AWS rejects with an access point",
  ],
])("reports %j", (efs, message) => expect(found(efs)).toEqual([message]));
