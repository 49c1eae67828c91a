import {
  clusterGroupName,
  dashboardName,
  egressGroupName,
  failedDeploymentsRuleName,
  loadBalancerName,
  nameFrom,
  nameTemplatesOf,
  ownNames,
  ownTags,
  scheduleRoleName,
  serviceTemplates,
  trafficShiftRoleName,
} from "../../src/aws/names";

const prod = { environment: "prod", region: "eu-west-1" };

describe("templates of names", () => {
  it("are those of the environment and the service, where nothing sets them", () => {
    expect(nameTemplatesOf(prod)).toEqual({
      resources: "prod-{service}",
      roles: "prod-{service}",
      logGroups: "/ecs/prod-{service}",
      repositories: "prod/{service}",
    });
  });

  it("have the region, a placeholder twice, and the roles' prefix", () => {
    const names = { resources: "{service}-{region}-{environment}-{environment}" };
    expect(nameTemplatesOf({ ...prod, names, iam: { namePrefix: "app-" } })).toEqual({
      resources: "{service}-eu-west-1-prod-prod",
      roles: "app-{service}-eu-west-1-prod-prod",
      logGroups: "/ecs/{service}-eu-west-1-prod-prod",
      repositories: "prod/{service}",
    });
  });

  it("are a service's name alone for a construct that gets none", () => {
    expect(serviceTemplates()).toEqual({ resources: "{service}", roles: "{service}", logGroups: "/ecs/{service}" });
  });

  it("name what belongs to no service by its word", () => {
    const template = "{service}.x";
    const names = [
      clusterGroupName(template, "shop"),
      egressGroupName(template),
      loadBalancerName(template),
      dashboardName(template),
      failedDeploymentsRuleName(template, 0),
      failedDeploymentsRuleName(template, 1),
    ];
    expect(names).toEqual([
      "shop.x-cluster",
      "egress.x",
      "load-balancer.x",
      "clusters.x",
      "failed-deployments.x",
      "failed-deployments.x-2",
    ]);
  });

  it("name all of a service's roles alike", () => {
    const templates = nameTemplatesOf({ ...prod, iam: { namePrefix: "app-" } });
    const { executionRole, taskRole, logGroup, service } = ownNames(templates, "shop");
    expect([executionRole, taskRole, scheduleRoleName(templates.roles, "shop")]).toEqual([
      "app-prod-shop-execution",
      "app-prod-shop-task",
      "app-prod-shop-schedule",
    ]);
    expect(trafficShiftRoleName(templates.roles, "shop")).toBe("app-prod-shop-traffic");
    expect([service, logGroup, nameFrom(templates.resources, "shop")]).toEqual(["shop", "/ecs/prod-shop", "prod-shop"]);
  });
});

it.each([
  [{}, { Environment: "prod", ManagedBy: "terraform" }],
  [{ tags: { Environment: "p", team: "t" } }, { Environment: "p", ManagedBy: "terraform", team: "t" }],
  [
    { defaultTags: { env: "p" }, tags: { team: "t" } },
    { env: "p", team: "t" },
  ],
  [{ defaultTags: {} }, {}],
])("tags: %j", (options, tags) => {
  expect(ownTags("prod", options)).toEqual(tags);
});
