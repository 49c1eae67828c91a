/**
 * The changes of docs/changes.md: what environments.json says of an environment before and after. Each environment has its own
 * namespace and ECS cluster, unless a change is about that.
 */

const uri = { uri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp:1" };
const service = (options: object = {}) => ({ image: uri, ...options });
const alone = { myapp: service({ tasks: 2 }) };
const worker = service({ cluster: "shop" });
const pair = { myapp: service({ tasks: 2, cluster: "shop" }), worker };
const apart = { myapp: service({ tasks: 2, cluster: "shop" }), worker: service() };

/** A target group that another project made, with its load balancer. */
const foreign = { targetGroup: { arn: "TARGET_GROUP", securityGroupId: "EXISTING" } };

/** An environment's options in addition to those that all have. */
export interface Change {
  /** The first cell of its row in docs/changes.md. */
  readonly row: string;
  /** Whether the review says that old and new tasks are two clusters until the deployment ends. @default false */
  readonly separates?: boolean;
  /** Whether the change is one of the few that every run applies: each mechanism once. @default false */
  readonly always?: boolean;
  readonly before: object;
  /** `undefined`: the environment is destroyed. */
  readonly after: object | undefined;
}

/** By environment: one apply, and a plan that is empty afterwards. */
export const inOneApply: Readonly<Record<string, Change>> = {
  "from-group-to-pairs": {
    row: '`distributionRules` from `"group"` to `"pairs"`',
    always: true,
    before: { services: pair },
    after: { services: pair, distributionRules: "pairs" },
  },
  "from-pairs-to-group": {
    row: '`distributionRules` from `"pairs"` to `"group"`',
    separates: true,
    before: { services: pair, distributionRules: "pairs" },
    after: { services: pair },
  },
  "existing-group": {
    row: "`distributionRules` to an existing group",
    before: { services: pair },
    after: { services: pair, distributionRules: { groups: { shop: "EXISTING" } } },
  },
  "namespace-renamed": {
    row: "`namespace`: another name to create",
    separates: true,
    before: { services: alone },
    after: { services: alone, namespace: { create: "renamed.local" } },
  },
  "another-namespace": {
    row: "`namespace`: an existing one instead of a created one",
    separates: true,
    before: { services: alone },
    after: { services: alone, namespace: { existing: "other.local" } },
  },
  "schedule-added": {
    row: "`schedule`: a task at certain times",
    always: true,
    before: { services: alone },
    after: {
      services: {
        myapp: service({
          tasks: 2,
          schedule: {
            nightly: {
              cron: "0 3 * * ? *",
              command: ["eval", "${1}"],
              join: true,
              retry: { attempts: 3 },
              deadLetterQueue: "arn:aws:sqs:eu-west-1:123456789012:failed-schedules",
            },
          },
        }),
      },
    },
  },
  "alarms-added": {
    row: "`alarms`",
    always: true,
    before: { services: { myapp: service({ tasks: 2, web: foreign }) } },
    after: {
      services: { myapp: service({ tasks: 2, web: foreign }) },
      alarms: { topic: "arn:aws:sns:eu-west-1:123456789012:alarms" },
    },
  },
  "service-renamed": {
    row: "a service gets another name (its key)",
    before: { services: pair },
    after: { services: { myapp: pair.myapp, jobs: worker } },
  },
  "service-removed": {
    row: "a service is removed",
    before: { services: pair },
    after: { services: { myapp: pair.myapp } },
  },
  "cluster-joined": {
    row: "`cluster` of a service: joins another cluster",
    separates: true,
    before: { services: apart },
    after: { services: pair },
  },
  "cluster-left": {
    row: "`cluster` of a service: leaves a cluster",
    separates: true,
    before: { services: pair },
    after: { services: apart },
  },
  "single-port": {
    row: "`distribution` from epmd to a single port",
    separates: true,
    before: { services: alone },
    after: { services: alone, distribution: { singlePort: 9100 } },
  },
  "another-vpc": {
    row: "`vpc`: another VPC",
    always: true,
    separates: true,
    before: { services: alone },
    after: { services: alone, vpc: { tags: { Name: "other" } } },
  },
  "number-to-range": {
    row: "`tasks` from a number to a range",
    always: true,
    before: { services: alone },
    after: {
      services: {
        myapp: service({
          tasks: { min: 2, max: 12, cpuPercent: 60, schedule: [{ cron: "0 7 ? * MON-FRI *", min: 4 }] },
        }),
      },
    },
  },
  "other-range": {
    row: "`tasks`: another range",
    before: { services: { myapp: service({ tasks: { min: 2, max: 12, cpuPercent: 60 } }) } },
    after: { services: { myapp: service({ tasks: { min: 3, max: 20, memoryPercent: 70 } }) } },
  },
  "range-to-number": {
    row: "`tasks` from a range to a number",
    before: { services: { myapp: service({ tasks: { min: 2, max: 12, cpuPercent: 60 } }) } },
    after: { services: alone },
  },
  "to-spot": {
    row: "`capacity` is added or removed",
    before: { services: alone, ecsCluster: { create: "to-spot-created" } },
    after: {
      services: { myapp: service({ tasks: 2, capacity: { spot: { weight: 3 }, onDemand: { base: 1 } } }) },
      ecsCluster: { create: "to-spot-created" },
    },
  },
  "other-shares": {
    row: "`capacity`: other shares",
    before: {
      services: { myapp: service({ tasks: 2, capacity: { spot: { weight: 3 }, onDemand: { base: 1 } } }) },
    },
    after: { services: { myapp: service({ tasks: 2, capacity: { spot: { weight: 1 }, onDemand: { base: 2 } } }) } },
  },
  discovery: {
    row: "`discovery` of a service",
    before: { services: alone },
    after: { services: { myapp: service({ tasks: 2, discovery: "dns_cluster" }) } },
  },
  "versions-apart": {
    row: '`versions` from `"together"` to `"apart"`',
    before: { services: alone },
    after: { services: alone, versions: "apart" },
  },
  architecture: {
    row: "`architecture`",
    before: { services: alone },
    after: { services: { myapp: service({ tasks: 2, architecture: "ARM64" }) } },
  },
  "from-build-to-uri": {
    row: "`image` from `build` to `uri` or `variable`",
    before: { services: { myapp: service({ image: { build: "elixir-app" } }) } },
    after: { services: { myapp: service() } },
  },
  "cluster-created": {
    row: "`ecsCluster`: another one, or one to create",
    before: { services: alone },
    after: { services: alone, ecsCluster: { create: "created" } },
  },
  "cluster-renamed": {
    row: "`ecsCluster`: another one, or one to create",
    before: { services: alone, ecsCluster: { create: "one" } },
    after: { services: alone, ecsCluster: { create: "two" } },
  },
  "boundary-added": {
    row: "`iam.permissionsBoundary`",
    always: true,
    before: { services: alone },
    after: {
      services: alone,
      iam: { permissionsBoundary: "arn:aws:iam::123456789012:policy/platform/workloads" },
    },
  },
  "path-and-prefix": {
    row: "`iam.path`, with another `iam.namePrefix` or `names.resources`",
    always: true,
    before: { services: alone },
    after: { services: alone, iam: { path: "/workloads/", namePrefix: "app-" } },
  },
  "another-template": {
    row: "`names.resources`: another template",
    separates: true,
    before: { services: alone },
    after: { services: alone, names: { resources: "{environment}-{region}-{service}" } },
  },
  "another-service-name": {
    row: "`names.service`",
    before: { services: alone },
    after: { services: { myapp: service({ tasks: 2, names: { service: "web" } }) } },
  },
  "other-names": {
    row: "`names.logGroup`, `names.taskRole`, `names.executionRole`",
    always: true,
    before: { services: alone },
    after: {
      services: {
        myapp: service({
          tasks: 2,
          names: { logGroup: "/ecs/web", taskRole: "web-task", executionRole: "web-execution" },
        }),
      },
    },
  },
  "environment-removed": {
    row: "an environment is destroyed",
    before: { services: alone },
    after: undefined,
  },
};

/** By environment: the review finds this before the apply, which AWS would refuse. */
export const refused: Readonly<Record<string, Change & { readonly finding: readonly [check: string, says: string] }>> =
  {
    "renamed-with-names": {
      row: "a service gets another name, and `names` keeps a resource's name",
      before: { services: { myapp: service({ names: { logGroup: "/ecs/shop" } }) } },
      after: { services: { shop: service({ names: { logGroup: "/ecs/shop" } }) } },
      finding: ["name-taken", "is created as /ecs/shop, and module.renamed-with-names.aws_cloudwatch_log_group"],
    },
    "same-namespace": {
      row: "`namespace` from `create` to `existing`, with the same name",
      before: { services: alone, namespace: { create: "kept.local" } },
      after: { services: alone, namespace: { existing: "kept.local" } },
      finding: ["deleted-while-used", "is deleted, and these use it after the apply too"],
    },
    "path-alone": {
      row: "`iam.path` alone",
      before: { services: alone },
      after: { services: alone, iam: { path: "/workloads/" } },
      finding: ["name-taken", "is created as path-alone-myapp-task before the old one of that name is deleted"],
    },
    "built-service-removed": {
      row: "a service with `image.build` is removed",
      before: { services: { ...alone, worker: service({ image: { build: "elixir-app" } }) } },
      after: { services: alone },
      finding: ["deleted-while-used", "is deleted without force_delete, which ECR refuses while it contains images"],
    },
  };
