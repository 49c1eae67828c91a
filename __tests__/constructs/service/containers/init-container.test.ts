import type { ElixirServiceProps } from "../../../../src/constructs/service/elixir-service-props";
import { ReleaseSecret } from "../../../../src/constructs/service/secrets/release-secret";
import { Layout, problemsOf, the, type Resource } from "../../layout";

function layoutWith(props: Partial<ElixirServiceProps>, layout = new Layout()): Layout {
  layout.service("my-app", { beforeStart: ["eval", "MyApp.Release.migrate()"], ...props });
  return layout;
}
function containers(props: Partial<ElixirServiceProps> = {}, layout = new Layout()): Resource[] {
  layoutWith(props, layout);
  return JSON.parse(the(layout.json, "aws_ecs_task_definition").container_definitions as string) as Resource[];
}
const init = (...args: Parameters<typeof containers>) => containers(...args)[1]!;
const variablesOf = ({ environment }: Resource) =>
  Object.fromEntries((environment as { name: string; value: string }[]).map(({ name, value }) => [name, value]));

it("has no container but the node's without beforeStart", () => {
  const only = containers({ beforeStart: undefined });
  expect(only.map(({ name }) => name)).toEqual(["my-app"]);
  expect(only[0]).not.toHaveProperty("dependsOn");
});

it("must succeed before the node starts, and ends without ending the task", () => {
  expect(containers()).toMatchObject([
    {
      name: "my-app",
      essential: true,
      dependsOn: [{ containerName: "my-app-before-start", condition: "SUCCESS" }],
    },
    { name: "my-app-before-start", essential: false, image: "ghcr.io/acme/myapp:1.4.2" },
  ]);
});

it.each<[string, Partial<ElixirServiceProps>, string[], string[] | undefined]>([
  ["the release's script", {}, ["bin/my_app"], ["eval", "MyApp.Release.migrate()"]],
  ["the script of another release", { releaseName: "shop" }, ["bin/shop"], ["eval", "MyApp.Release.migrate()"]],
  ["a program of the image", { beforeStart: ["bin/migrate"] }, ["bin/migrate"], undefined],
  ["a shell", { beforeStart: ["/bin/sh", "-c", "echo ${HOME}"] }, ["/bin/sh"], ["-c", "echo $${HOME}"]],
])("runs %s, whatever the image's entry point is", (_, props, entryPoint, command) => {
  const container = init(props);
  expect([container.entryPoint, container.command]).toEqual([entryPoint, command]);
  expect(problemsOf(layoutWith(props).stack)).toEqual([]);
});

it("has the variables that the release's configuration reads, and none of a node", () => {
  const web = {
    domain: "shop.example.com",
    targetGroupArn: "arn:tg",
    securityGroupId: "sg-0abc",
    times: { drainer: 30 },
  };
  expect(variablesOf(init({ environment: { POOL_SIZE: "2" }, web }))).toEqual({
    PHX_HOST: "shop.example.com",
    POOL_SIZE: "2",
    PORT: "4000",
    RELEASE_DISTRIBUTION: "none",
    RELEASE_NAME: "my_app",
  });
});

it("has the service's secrets without the cookie", () => {
  const layout = new Layout();
  const DATABASE_URL = new ReleaseSecret(layout.stack, "database", { ssmParameter: "/my-org/database-url" });
  const [node, before] = containers({ secrets: { DATABASE_URL } }, layout);
  const names = ({ secrets }: Resource) => (secrets as { name: string }[]).map(({ name }) => name);
  expect([names(node!), names(before!)]).toEqual([["DATABASE_URL", "RELEASE_COOKIE"], ["DATABASE_URL"]]);
});

it("has no ports, no health check, and neither CPU, memory nor a time limit of its own", () => {
  expect(Object.keys(init())).toEqual(
    expect.not.arrayContaining(["portMappings", "healthCheck", "cpu", "memory", "startTimeout"]),
  );
  expect(init()).toMatchObject({ stopTimeout: 40, linuxParameters: { initProcessEnabled: true } });
});

it("logs under its own name in the service's log group", () => {
  const options = (container: Resource) => (container.logConfiguration as Resource).options as Resource;
  const [node, before] = containers({ logs: { driver: { awslogs: { blocking: {} } } } }).map(options);
  expect(before).toEqual({ ...node, "awslogs-stream-prefix": "my-app-before-start" });
});

it("writes to the same volumes under a read-only root", () => {
  const [node, before] = containers({ readonlyRootFilesystem: true });
  expect(before).toMatchObject({ readonlyRootFilesystem: true, mountPoints: node!.mountPoints });
});
