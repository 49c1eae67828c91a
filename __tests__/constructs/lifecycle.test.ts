import { stackJson, service } from "../stacks/environment";

/** Types of which the services' old tasks use the old one until they stop. */
const used = [
  "aws_cloudwatch_log_group",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_security_group",
  "aws_service_discovery_private_dns_namespace",
  "aws_service_discovery_service",
];

describe("what services use", () => {
  const { resource } = stackJson({
    services: { myapp: service({ cluster: "shop" }), worker: service({ cluster: "shop" }) },
  });
  const lifecycles = (type: string) => Object.values(resource![type]!).map(({ lifecycle }) => lifecycle);

  it.each(used)("%s is created before the old one is deleted", (type) => {
    expect(lifecycles(type).length).toBeGreaterThan(0);
    expect(lifecycles(type)).toEqual(lifecycles(type).map(() => ({ create_before_destroy: true })));
  });

  it("leaves an ECS service to be deleted first: its cluster takes its name once", () => {
    expect(lifecycles("aws_ecs_service")).toEqual([
      { postcondition: [expect.anything()] },
      { postcondition: [expect.anything()] },
    ]);
  });
});
