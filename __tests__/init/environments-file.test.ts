import { parseEnvironments } from "../../src/environment";
import { environmentsFile } from "../../src/init/environments-file";

const answers = {
  name: "my-app",
  environment: "prod",
  region: "eu-west-1",
  vpc: "vpc-0abc1234def567890",
  state: "local",
};
const application = {
  name: "my_app",
  release: "my_app",
  discovery: "dns_cluster",
  servesHttp: true,
  secrets: ["SECRET_KEY_BASE"],
} as const;
const parsed = (more: object = {}, app: object = {}) =>
  parseEnvironments(environmentsFile({ ...answers, ...more }, { ...application, ...app }), "environments.json").prod!;

describe("environments.json of init", () => {
  it("is valid, with the application's discovery and secrets", () => {
    const { services, state, vpc } = parsed();
    expect(state).toEqual({ local: {} });
    expect(vpc).toEqual({ id: "vpc-0abc1234def567890" });
    expect(services["my-app"]).toMatchObject({
      discovery: "dns_cluster",
      secrets: { SECRET_KEY_BASE: { ssmParameter: "/my-app/prod/secret-key-base" } },
    });
    expect(services["my-app"]!.releaseName).toBeUndefined();
  });

  it("has no health check where nothing can answer it, unless the service is in the web", () => {
    const [none, web, answering] = [
      parsed({}, { servesHttp: false }),
      parsed({ domain: "shop.example.com" }, { servesHttp: false }),
      parsed(),
    ].map(({ services }) => services["my-app"]!.healthCheck);
    expect(none).toBe(false);
    expect(web).toMatchObject({ path: "/health" });
    expect(answering).toMatchObject({ path: "/health" });
  });

  it("names the release where the service has another name", () => {
    expect(parsed({ name: "shop" }).services.shop!.releaseName).toBe("my_app");
    expect(parsed({}, { release: "production" }).services["my-app"]!.releaseName).toBe("production");
  });

  it("keeps the state in a bucket, and finds a VPC by its name", () => {
    const { state, vpc } = parsed({ state: "acme-state", vpc: "main" });
    expect(state).toEqual({ s3: { bucket: "acme-state", key: "my-app/prod.tfstate" } });
    expect(vpc).toEqual({ tags: { Name: "main" } });
  });

  it("creates a VPC where none exists", () => {
    expect(parsed({ vpc: "create" }).vpc).toMatchObject({ create: { cidr: "10.0.0.0/16" } });
  });

  it.each([
    ["shop.example.com", "example.com"],
    ["example.com", "example.com"],
  ])("%s: a load balancer in the zone %s", (domain, zone) => {
    expect(parsed({ domain })).toMatchObject({
      loadBalancer: { create: { zone } },
      services: { "my-app": { web: { domain } } },
    });
  });
});
