import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../src/environment";
import { environmentsApp } from "../../src/stacks/app/environments-app";
import { synthesize } from "../../src/stacks/app/synthesis";
import { exampleFile } from "../examples";
import { type Resource, type TerraformJson, all } from "../constructs/layout";
import { notEmpty } from "../not-empty";
import { scratchFolder } from "../scratch";

const iam = {
  permissionsBoundary: "arn:aws:iam::123456789012:policy/platform/workloads",
  path: "/workloads/",
  namePrefix: "app-",
};
const key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

type File = Record<string, Record<string, unknown> & { services: Record<string, { names?: object }> }>;

/** The stacks of an example, with options in addition to its own. */
function stacksOf(example: string, options: object): TerraformJson[] {
  const { $schema: _, ...file } = JSON.parse(readFileSync(exampleFile(example), "utf8")) as File;
  const folder = scratchFolder("out");
  const changed = Object.entries(file).map(([name, own]) => [name, { ...own, ...options }]);
  const environments = parseEnvironments(JSON.stringify(Object.fromEntries(changed)), example);
  synthesize(environmentsApp(environments, folder), () => undefined);
  return Object.keys(environments).map(
    (name) => JSON.parse(readFileSync(path.join(folder, "stacks", name, "cdk.tf.json"), "utf8")) as TerraformJson,
  );
}

// Between them they have every construct that makes a role: tasks, schedules, and requests that shift.
const examples = ["every-option", "traffic-shifting", "build-images"] as const;
const resources = (type: string, options: object): Resource[] =>
  examples.flatMap((example) => stacksOf(example, options).flatMap((json) => all(json, type)));

describe("an organization's rules reach", () => {
  it("every IAM role", () => {
    const roles = resources("aws_iam_role", { iam });
    const purposes = new Set(roles.map(({ name }) => String(name).split("-").at(-1)));
    expect([...purposes]).toEqual(expect.arrayContaining(["execution", "task", "schedule", "traffic"]));
    for (const role of notEmpty(roles))
      expect(role).toMatchObject({ path: iam.path, permissions_boundary: iam.permissionsBoundary });
    // Its names are stated in the file: an imported role can't be renamed.
    const stated = ["EcsStack-mytaskrole1A2B3C4D-5E6F7G8H9I0J", "EcsStack-myapp@eu"];
    const others = roles.map(({ name }) => String(name)).filter((name) => !stated.includes(name));
    expect(others.filter((name) => !name.startsWith(iam.namePrefix))).toEqual([]);
  });

  it("every log group", () => {
    const groups = resources("aws_cloudwatch_log_group", { kmsKeys: { logs: key } });
    expect(groups.length).toBeGreaterThan(5);
    expect(groups.filter(({ kms_key_id }) => kms_key_id !== key)).toEqual([]);
  });

  it("every ECR repository", () => {
    const repositories = resources("aws_ecr_repository", { kmsKeys: { images: key } });
    expect(repositories.length).toBeGreaterThan(1);
    for (const { encryption_configuration } of notEmpty(repositories))
      expect(encryption_configuration).toEqual([{ encryption_type: "KMS", kms_key: key }]);
  });
});

describe("names by template", () => {
  const names = { resources: "{service}-of-{environment}-in-{region}", logGroups: "/acme/{environment}/{service}" };
  /** Names and families of everything, except what the file names itself. */
  const named = (json: TerraformJson) =>
    Object.entries(json.resource!).flatMap(([type, blocks]) =>
      Object.values(blocks).flatMap(({ name, family, alarm_name, dashboard_name }) => {
        const own = name ?? family ?? alarm_name ?? dashboard_name;
        return typeof own === "string" && !own.startsWith("${") ? [[type, own] as const] : [];
      }),
    );
  /** Named in the file, within the environment, or in another service's namespace of names. */
  const otherwise = [
    "aws_ecs_cluster",
    "aws_ecs_service",
    "aws_service_discovery_service",
    "aws_iam_role_policy",
    "aws_appautoscaling_policy",
    "aws_appautoscaling_scheduled_action",
    "aws_scheduler_schedule",
    "aws_route53_record",
  ];

  it("follow it, whatever they belong to", () => {
    const [json] = stacksOf("organization", { names, alarms: { topic: "arn:aws:sns:eu-west-1:123456789012:alarms" } });
    const followed = named(json!).filter(([type]) => !otherwise.includes(type));
    const types = new Set(followed.map(([type]) => type));
    expect([...types]).toEqual(
      expect.arrayContaining(["aws_iam_role", "aws_security_group", "aws_lb", "aws_cloudwatch_dashboard"]),
    );
    const pattern = /-of-prod|^\/acme\/prod\/|^load-balancer-of|^\/ecs\/shop\/exec$|^shop\.internal$/;
    expect(followed.filter(([, name]) => !pattern.test(name))).toEqual([]);
  });

  it("differ between two regions of one account, although the environment's name is the same", () => {
    const region = "us-east-1";
    const elsewhere = { region, kmsKeys: undefined, execSessions: undefined };
    const roles = (options: object) =>
      stacksOf("organization", { ...elsewhere, ...options }).flatMap((json) =>
        all(json, "aws_iam_role").map(({ name }) => name),
      );
    const both = [...roles({}), ...roles({ region: "eu-central-1" })];
    expect(new Set(both).size).toBe(both.length);
  });

  it("name repositories", () => {
    const repositories = stacksOf("build-images", { names: { repositories: "acme/{service}" } }).flatMap((json) =>
      all(json, "aws_ecr_repository").map(({ name }) => name),
    );
    expect(repositories.every((name) => String(name).startsWith("acme/"))).toBe(true);
  });
});

describe("the provider", () => {
  const provider = (options: object) => stacksOf("minimal", options)[0]!.provider!.aws as unknown as Resource[];

  it("assumes a role", () => {
    const roleArn = "arn:aws:iam::123456789012:role/deploy/terraform";
    const assumeRole = { roleArn, sessionName: "shop", externalId: "acme" };
    expect(provider({ assumeRole })).toMatchObject([
      { assume_role: [{ role_arn: roleArn, session_name: "shop", external_id: "acme" }] },
    ]);
  });

  it.each([
    ["ours, where nothing replaces them", {}, { Environment: "prod", ManagedBy: "terraform" }],
    ["the organization's in place of ours", { defaultTags: { env: "p" } }, { env: "p" }],
    ["none", { defaultTags: {} }, {}],
    ["tags override both", { defaultTags: { env: "p", a: "b" }, tags: { env: "q" } }, { env: "q", a: "b" }],
  ])("tags everything: %s", (_, options, tags) => {
    expect(provider(options)).toMatchObject([{ default_tags: [{ tags }] }]);
    expect((provider(options)[0]!.default_tags as { tags: object }[])[0]!.tags).toEqual(tags);
  });
});
