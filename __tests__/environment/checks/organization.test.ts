import { changed, example } from "../example";
import { messagesOf } from "../messages";

const key = (region: string) => `arn:aws:kms:${region}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const roleArn = "arn:aws:iam::123456789012:role/deploy/terraform";

describe("what an organization's options contradict", () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      "a role of another account",
      { "prod/account": "210987654321", "prod/assumeRole": { roleArn } },
      `environments.prod.assumeRole.roleArn: "${roleArn}". Allowed: a role of the account 210987654321, which the option account names.`,
    ],
    [
      "a boundary of another account",
      { "prod/assumeRole": { roleArn }, "prod/iam/permissionsBoundary": "arn:aws:iam::210987654321:policy/boundary" },
      'environments.prod.iam.permissionsBoundary: "arn:aws:iam::210987654321:policy/boundary". Allowed: a policy of the account 123456789012, which assumeRole.roleArn names.',
    ],
    [
      "a key of another region",
      { "prod/kmsKeys/logs": key("us-east-1") },
      `environments.prod.kmsKeys.logs: "${key("us-east-1")}". Allowed: a key of the region "eu-west-1".`,
    ],
    [
      "a key of another region for images",
      { "prod/kmsKeys/images": key("us-east-1") },
      `environments.prod.kmsKeys.images: "${key("us-east-1")}". Allowed: a key of the region "eu-west-1".`,
    ],
    [
      "a key of another region for sessions",
      { "prod/execSessions/kmsKeyArn": key("us-east-1") },
      `environments.prod.execSessions.kmsKeyArn: "${key("us-east-1")}". Allowed: a key of the region "eu-west-1".`,
    ],
    [
      "the retention of another owner's log group",
      { "prod/execSessions/logRetentionDays": 365 },
      'environments.prod.execSessions.logRetentionDays: 365. Allowed: nothing: the owner of the ECS cluster "my-cluster" sets how long its logs are kept.',
    ],
    [
      "a path without its last slash",
      { "prod/iam/path": "/apps" },
      'environments.prod.iam.path: "/apps". Allowed: a path that begins and ends with a slash, such as "/apps/".',
    ],
    [
      "a template without the service",
      { "prod/names/resources": "acme-{environment}" },
      'environments.prod.names.resources: "acme-{environment}". Allowed: letters, digits and hyphens, no hyphen or digit at the beginning and no hyphen at the end, with {service} and optionally {environment} and {region}.',
    ],
    [
      "a template with an unknown placeholder",
      { "prod/names/logGroups": "/acme/{account}/{service}" },
      'environments.prod.names.logGroups: "/acme/{account}/{service}". Allowed: letters, digits and _-/.# with {service} and optionally {environment} and {region}.',
    ],
    [
      "a rule whose name becomes too long",
      {
        "prod/alarms": { topic: "arn:aws:sns:eu-west-1:123456789012:alarms" },
        "prod/names/resources": "platform-team-of-acme-in-europe-{environment}-{region}-{service}",
      },
      'environments.prod.names.resources: "platform-team-of-acme-in-europe-{environment}-{region}-{service}". Allowed: a shorter template: the EventBridge rule "platform-team-of-acme-in-europe-prod-eu-west-1-failed-deployments-2" has 64 characters at most.',
    ],
  ])("%s", (_, changes, message) => {
    expect(messagesOf(changed(changes))).toEqual([message]);
  });

  it("a boundary of AWS and one of the role's account are right", () => {
    const of = (permissionsBoundary: string) =>
      messagesOf(changed({ "prod/account": "123456789012", "prod/iam": { permissionsBoundary } }));
    expect(of("arn:aws:iam::aws:policy/PowerUserAccess")).toEqual([]);
    expect(of("arn:aws:iam::123456789012:policy/team/boundary")).toEqual([]);
  });
});

describe("lengths after expansion", () => {
  it("a service's name that fits no role any more", () => {
    const file = changed({
      "prod/iam": { namePrefix: "application-" },
      "prod/names/resources": "{environment}-{region}-{service}",
    });
    (file as typeof example).prod.services = { ["a".repeat(30)]: example.prod.services.myapp } as never;
    expect(messagesOf(file)).toEqual([
      expect.stringContaining(
        'Allowed: at most 27 characters here: the IAM role "application-prod-eu-west-1-<service>-execution" has 64 at most.',
      ),
    ]);
  });

  it("a template that leaves no room for a service", () => {
    const resources = `${"a".repeat(60)}-{service}`;
    expect(messagesOf(changed({ "prod/names": { resources } }))).toEqual([
      expect.stringContaining("a shorter template in names.resources, or a shorter iam.namePrefix"),
      expect.anything(),
    ]);
  });
});

describe("collisions after expansion", () => {
  const twice = (names: object, services: object = {}) =>
    messagesOf(
      changed({
        "prod/names": names,
        staging: {
          ...example.prod,
          state: { s3: { bucket: "acme-terraform-state", key: "staging.tfstate" } },
          vpc: { id: "vpc-0abc1234" },
          ecsCluster: { name: "staging" },
          namespace: { create: "staging.local" },
          names,
          ...services,
        },
      }),
    );

  it("a template without the environment", () => {
    expect(twice({ resources: "app-{service}" })).toContainEqual(
      expect.stringContaining(
        '"app-myapp" as the name of the task definition family. Allowed: a different name (names.resources)',
      ),
    );
    expect(twice({ resources: "app-{environment}-{service}" })).toEqual([]);
  });

  it("the region separates what is unique in a region, and IAM roles", () => {
    const alone = { services: { myapp: example.prod.services.myapp }, region: "us-east-1" };
    expect(twice({ resources: "app-{service}" }, alone)).toEqual([
      expect.stringContaining('"app-myapp-execution" as the name of the IAM role'),
    ]);
    expect(twice({ resources: "app-{region}-{service}" }, alone)).toEqual([]);
  });

  it("accounts separate, also by the role that Terraform assumes", () => {
    const other = { assumeRole: { roleArn: "arn:aws:iam::210987654321:role/terraform" } };
    const file = (own: object) =>
      messagesOf(
        changed({
          "prod/names": { resources: "app-{service}" },
          "prod/account": "123456789012",
          staging: {
            ...example.prod,
            state: { s3: { bucket: "acme-terraform-state", key: "staging.tfstate" } },
            names: { resources: "app-{service}" },
            ...own,
          },
        }),
      );
    expect(file(other)).toEqual([]);
    expect(file({}).length).toBeGreaterThan(0);
  });
});
