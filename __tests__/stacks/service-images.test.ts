import { all, type Resource } from "../constructs/layout";
import { service, stackJson } from "./environment";

function imagesOf(services: object): Record<string, unknown> {
  const json = stackJson({ services });
  return Object.fromEntries(
    all(json, "aws_ecs_task_definition").flatMap(({ container_definitions: definitions }) =>
      (JSON.parse(definitions as string) as Resource[]).map(({ name, image }) => [name, image]),
    ),
  );
}

it("runs one image in several services and their sidecars", () => {
  const jobs = { image: { sameAs: "shop" }, sidecars: { helper: { image: { sameAs: "shop" } } } };
  expect(imagesOf({ jobs, shop: service() })).toEqual({
    jobs: "ghcr.io/acme/myapp:1.4.2",
    helper: "ghcr.io/acme/myapp:1.4.2",
    shop: "ghcr.io/acme/myapp:1.4.2",
  });
});

it("builds one image for two services, and pulls it from its repository for both", () => {
  const json = stackJson({
    services: { jobs: { image: { sameAs: "shop" } }, shop: { image: { build: "elixir-app" } } },
  });
  expect(all(json, "docker_image")).toHaveLength(1);
  const repository = Object.keys(json.resource!.aws_ecr_repository!)[0]!;
  const policies = all(json, "aws_iam_role_policy").filter(({ name }) => name === "execution");
  expect(policies.map(({ policy }) => (policy as string).includes(repository))).toEqual([true, true]);
});

it("takes a sidecar's and a log router's image from variables", () => {
  const awsfirelens = { image: { variable: "router_image" }, options: { Name: "null" } };
  const sidecars = {
    agent: {
      image: {
        variable: { name: "agent_image", repositoryArn: "arn:aws:ecr:eu-west-1:123456789012:repository/agent" },
      },
    },
  };
  expect(imagesOf({ shop: service({ sidecars, logs: { driver: { awsfirelens } } }) })).toMatchObject({
    agent: "${var.agent_image}",
    "shop-log-router": "${var.router_image}",
  });
});
