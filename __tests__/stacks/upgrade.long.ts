import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../src/environment";
import { createPrerequisites } from "../../src/lab/local-aws/prerequisites/prerequisites";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { withStage } from "../../src/lab/stage";
import { projectRoot } from "../../src/project-root";
import { describeWithTerraform } from "../terraform-here";
import { required } from "../environment/example";

const before = readFileSync(path.join(projectRoot, "__tests__/fixtures/upgrade/2026-11-26.tf.json"), "utf8");
const image = ["-var", "myapp_image=123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"];

/** The same environment for today's version. */
const today = (options: object) => ({
  prod: {
    ...required,
    state: { local: {} },
    services: {
      myapp: { cluster: "myapp", image: { variable: "myapp_image" }, tasks: 2 },
      myapp2: { cluster: "myapp", image: { variable: "myapp_image" }, tasks: 1 },
    },
    ...options,
  },
});

interface Change {
  readonly type: string;
  readonly address: string;
  readonly previous_address?: string;
  readonly change: { readonly actions: readonly string[] };
}

/** Applies what the earlier version wrote, and plans and applies today's on the same state. */
async function upgraded(options: object): Promise<{ readonly changes: readonly Change[]; readonly left: number }> {
  return withStage({ region: "eu-west-1" }, async (stage) => {
    const file = path.join(stage.scratch, "environments.json");
    writeFileSync(file, JSON.stringify(today(options)));
    await createPrerequisites(stage.aws, parseEnvironments(readFileSync(file, "utf8"), file).prod!);
    const folder = path.join(stage.scratch, "upgrade");
    mkdirSync(folder);
    const write = (json: object) =>
      writeFileSync(
        path.join(folder, "cdk.tf.json"),
        JSON.stringify({
          ...json,
          terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
        }),
      );
    const terraform = new Terraform(folder, stage.scratch, { environment: stage.aws.environment });
    write(JSON.parse(before) as object);
    await terraform.init();
    await terraform.plan("before", ...image);
    await terraform.apply("before");

    const synthesized = await stage.synthesize(file, "prod");
    write(JSON.parse(readFileSync(path.join(synthesized.folder, "cdk.tf.json"), "utf8")) as object);
    await terraform.plan("today", ...image);
    const plan = JSON.parse(await terraform.show("today")) as { resource_changes: readonly Change[] };
    await terraform.apply("today");
    const { add, change, destroy } = await terraform.plan("again", ...image);
    return { changes: plan.resource_changes, left: add + change + destroy };
  });
}

const deleted = (changes: readonly Change[]) =>
  [...new Set(changes.filter(({ change }) => change.actions.includes("delete")).map(({ type }) => type))].sort();

// `npm run test:upgrade`
describeWithTerraform("an upgrade from the version before clusters had groups", () => {
  it("with rules by pairs keeps these rules at their new addresses", async () => {
    const { changes, left } = await upgraded({ distributionRules: "pairs" });
    const moved = changes.filter((change) => change.previous_address !== undefined);
    expect(moved).toHaveLength(16);
    expect(moved.filter(({ change }) => !["no-op", "update"].includes(change.actions.join()))).toEqual([]);
    expect(deleted(changes)).toEqual(["aws_ecs_task_definition"]);
    expect(left).toBe(0);
  });

  it("with one group for the cluster replaces rules alone, and no service, role, log group or namespace", async () => {
    const { changes, left } = await upgraded({});
    expect(deleted(changes)).toEqual([
      "aws_ecs_task_definition",
      "aws_vpc_security_group_egress_rule",
      "aws_vpc_security_group_ingress_rule",
    ]);
    expect(left).toBe(0);
  });
});
