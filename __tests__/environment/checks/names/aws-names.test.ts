import { changed, example } from "../../example";
import { messagesOf } from "../../messages";

const image = { uri: "ghcr.io/acme/myapp:1.4.2" };

/** An environment that shares nothing with `example.prod` but what a test gives it. */
const other = (options: object = {}) => ({
  ...example.prod,
  state: { s3: { bucket: "acme-terraform-state", key: "elixir-cluster/staging.tfstate" } },
  vpc: { id: "vpc-0abc1234" },
  ecsCluster: { name: "staging" },
  namespace: { create: "staging.local" },
  services: { myapp: { image } },
  ...options,
});
const staging = (options: object = {}) => changed({ staging: other(options) });

const accounts = 'If the two environments are in different AWS accounts, set "account" in both.';
const app = "environments.prod.services.myapp";

describe("a name that AWS takes once is refused the second time", () => {
  it.each<[string, unknown, ...string[]]>([
    [
      "ECS services: one name stated twice",
      changed({
        "prod/services/myapp/names": { service: "web" },
        "prod/services/myapp2/names": { service: "web" },
      }),
      'environments.prod.services.myapp2.names.service: "web" as the name of the ECS service. Allowed: a different name: "myapp" has this one.',
    ],
    [
      "ECS services: a stated name that is the default of a later service",
      changed({ "prod/services/myapp/names": { service: "myapp2" } }),
      `${app}.names.service: "myapp2" as the name of the ECS service. Allowed: a different name: "myapp2" has this one.`,
    ],
    [
      "ECS services: one service in two environments of one ECS cluster",
      staging({ ecsCluster: { name: "my-cluster" } }),
      `environments.staging.services.myapp: "myapp" as the name of the ECS service. Allowed: a different name (names.service): "myapp" of "prod" has this one. ${accounts}`,
    ],
    [
      "ECS services: an ECS cluster that one environment creates and another uses",
      changed({ "prod/ecsCluster": { create: "shared" }, staging: other({ ecsCluster: { name: "shared" } }) }),
      `environments.staging.services.myapp: "myapp" as the name of the ECS service. Allowed: a different name (names.service): "myapp" of "prod" has this one. ${accounts}`,
    ],
    [
      "log groups and roles stated twice",
      changed({
        "prod/services/myapp/names": { logGroup: "/old/app", taskRole: "old-role" },
        "prod/services/myapp2/names": { logGroup: "/old/app", taskRole: "old-role" },
      }),
      'environments.prod.services.myapp2.names.taskRole: "old-role" as the name of the IAM role. Allowed: a different name: "myapp" has this one.',
      'environments.prod.services.myapp2.names.logGroup: "/old/app" as the name of the log group. Allowed: a different name: "myapp" has this one.',
    ],
    [
      "a service's two roles",
      changed({ "prod/services/myapp/names": { executionRole: "old-role", taskRole: "old-role" } }),
      `${app}.names.taskRole: "old-role" as the name of the IAM role. Allowed: a different name: "myapp" has this one.`,
    ],
    [
      "a stated role that is another environment's default, in any region",
      staging({ region: "eu-central-1", services: { myapp: { image, names: { taskRole: "prod-myapp-task" } } } }),
      `environments.staging.services.myapp.names.taskRole: "prod-myapp-task" as the name of the IAM role. Allowed: a different name: "myapp" of "prod" has this one. ${accounts}`,
    ],
    [
      "roles that differ in case alone",
      changed({
        "prod/services/myapp/names": { taskRole: "Old-Role", logGroup: "/Old/app" },
        "prod/services/myapp2/names": { taskRole: "old-role", logGroup: "/old/app" },
      }),
      `environments.prod.services.myapp2.names.taskRole: "old-role" as the name of the IAM role. Allowed: a different name: "myapp" has "Old-Role", and IAM doesn't distinguish case.`,
    ],
    [
      "a stated role that a schedule's is called",
      changed({
        "prod/services/myapp/schedule": { nightly: { cron: "0 3 * * ? *", command: ["eval", "Shop.report()"] } },
        "prod/services/myapp2/names": { taskRole: "prod-myapp-schedule" },
      }),
      'environments.prod.services.myapp2.names.taskRole: "prod-myapp-schedule" as the name of the IAM role. Allowed: a different name: "myapp" has this one.',
    ],
    [
      "a stated role that is called as the one that shifts requests",
      changed({
        "prod/services/myapp/deployment": { strategy: { blueGreen: {} } },
        "prod/services/myapp/web": { domain: "shop.example.com" },
        "prod/loadBalancer": { create: { zone: "example.com" } },
        "prod/services/myapp2/names": { executionRole: "prod-myapp-traffic" },
      }),
      'environments.prod.services.myapp2.names.executionRole: "prod-myapp-traffic" as the name of the IAM role. Allowed: a different name: "myapp" has this one.',
    ],
    [
      "default names that read alike",
      changed({ "prod-eu": other(), "prod/services/eu-myapp": { image } }),
      `environments.prod-eu.services.myapp: "prod-eu-myapp" as the name of the task definition family. Allowed: a different name: "eu-myapp" of "prod" has this one. ${accounts}`,
    ],
    [
      "ECS clusters created twice",
      changed({
        "prod/ecsCluster": { create: "shared" },
        staging: other({ ecsCluster: { create: "shared" }, services: { web: { image } } }),
      }),
      `environments.staging.ecsCluster.create: "shared" as the name of the ECS cluster. Allowed: a different name: "prod" has this one. ${accounts}`,
    ],
    [
      "a log group stated as that of a new ECS cluster's sessions",
      changed({ "prod/ecsCluster": { create: "main" }, "prod/services/myapp/names": { logGroup: "/ecs/main/exec" } }),
      `${app}.names.logGroup: "/ecs/main/exec" as the name of the log group. Allowed: a different name: "prod" has this one.`,
    ],
    [
      "Cloud Map services in one existing namespace",
      changed({
        "prod/namespace": { existing: "organization.local" },
        staging: other({ namespace: { existing: "organization.local" } }),
      }),
      `environments.staging.services.myapp: "myapp" as the name of the Cloud Map service. Allowed: a different name in the namespace "organization.local": "myapp" of "prod" has this one. ${accounts}`,
    ],
    [
      "Cloud Map services in a namespace that another environment creates",
      staging({ namespace: { existing: "organization.local" } }),
      `environments.staging.services.myapp: "myapp" as the name of the Cloud Map service. Allowed: a different name in the namespace "organization.local": "myapp" of "prod" has this one. ${accounts}`,
    ],
    [
      "security groups of clusters in one VPC",
      changed({
        "prod/services/myapp/cluster": "eu-web",
        "prod-eu": other({ vpc: example.prod.vpc, services: { jobs: { image, cluster: "web" } } }),
      }),
      `environments.prod-eu.services.jobs.cluster: "prod-eu-web-cluster" as the name of the security group of the cluster. Allowed: a different name (cluster): "eu-web" of "prod" has this one. ${accounts}`,
    ],
  ])("%s", (_, file, ...messages) => {
    expect(messagesOf(file)).toEqual(messages);
  });
});

describe("a name is taken twice without an error", () => {
  it.each<[string, unknown]>([
    [
      "as a role's of schedules that there are none of",
      changed({ "prod/services/myapp2/names": { taskRole: "prod-myapp-schedule" } }),
    ],
    [
      "in different accounts",
      changed({
        "prod/account": "111111111111",
        "prod/namespace": { existing: "organization.local" },
        staging: other({
          account: "222222222222",
          ecsCluster: { name: "my-cluster" },
          namespace: { existing: "organization.local" },
          services: { myapp: { image, names: { taskRole: "prod-myapp-task" } } },
        }),
      }),
    ],
    [
      "in different regions, where it is unique in a region only",
      staging({
        region: "eu-central-1",
        ecsCluster: { name: "my-cluster" },
        namespace: { existing: "organization.local" },
        services: { myapp: { image, names: { logGroup: "/ecs/prod-myapp" } } },
      }),
    ],
    [
      "by security groups in different VPCs",
      changed({
        "prod/services/myapp/cluster": "eu-web",
        "prod-eu": other({ services: { jobs: { image, cluster: "web" } } }),
      }),
    ],
    [
      "by clusters without a group of their own",
      changed({
        "prod/services/myapp/cluster": "eu-web",
        "prod/distributionRules": "pairs",
        "prod-eu": other({ vpc: example.prod.vpc, services: { jobs: { image, cluster: "web" } } }),
      }),
    ],
    [
      "by clusters with existing groups",
      changed({
        "prod/services/myapp/cluster": "eu-web",
        "prod/distributionRules": { groups: { "eu-web": "sg-0abc1234" } },
        "prod-eu": other({ vpc: example.prod.vpc, services: { jobs: { image, cluster: "web" } } }),
      }),
    ],
    [
      "for things of different kinds",
      changed({ "prod/services/myapp/names": { service: "old", taskRole: "old", logGroup: "old" } }),
    ],
  ])("%s", (_, file) => {
    expect(messagesOf(file)).toEqual([]);
  });

  it("but not when only one of two environments states its account", () => {
    const file = staging({ account: "222222222222", ecsCluster: { name: "my-cluster" } });
    expect(messagesOf(file)).toHaveLength(1);
  });
});
