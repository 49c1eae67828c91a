import type { ElixirServiceProps } from "../../../../src/constructs/service/elixir-service-props";
import { all, Layout, type Resource, the } from "../../layout";

const efs = { fileSystem: "fs-0123456789abcdef0", accessPoint: "fsap-0123456789abcdef0" };
const image = { uri: "datadog/agent:7", repositoryArn: undefined };

function layoutWith(props: Partial<ElixirServiceProps>) {
  const layout = new Layout();
  layout.service("shop", { executeCommand: false, ...props });
  const { json } = layout;
  const definition = the(json, "aws_ecs_task_definition");
  const task = all(json, "aws_iam_role_policy").find(({ name }) => name === "task");
  const { Statement = [] } = (task ? JSON.parse(task.policy as string) : {}) as { Statement?: Resource[] };
  return {
    definition,
    containers: JSON.parse(definition.container_definitions as string) as Resource[],
    statements: Statement,
  };
}

describe("a volume in EFS", () => {
  it("is mounted through its access point, encrypted in transit, with IAM", () => {
    const { definition, containers } = layoutWith({ volumes: { uploads: { efs, mount: { path: "/app/uploads" } } } });
    expect(definition.volume).toEqual([
      {
        name: "uploads",
        efs_volume_configuration: {
          file_system_id: efs.fileSystem,
          transit_encryption: "ENABLED",
          authorization_config: { access_point_id: efs.accessPoint, iam: "ENABLED" },
        },
      },
    ]);
    expect(containers[0]!.mountPoints).toEqual([
      { sourceVolume: "uploads", containerPath: "/app/uploads", readOnly: false },
    ]);
  });

  it.each<[string, Partial<ElixirServiceProps>, string[]]>([
    ["the node writes", { volumes: { uploads: { efs, mount: { path: "/up" } } } }, ["ClientMount", "ClientWrite"]],
    ["the node only reads", { volumes: { uploads: { efs, mount: { path: "/up", readOnly: true } } } }, ["ClientMount"]],
    [
      "a sidecar writes",
      {
        volumes: { uploads: { efs, mount: { path: "/up", readOnly: true } } },
        sidecars: { agent: { image, mounts: { uploads: { path: "/up" } } } },
      },
      ["ClientMount", "ClientWrite"],
    ],
  ])("may be used by the task role as far as needed where %s", (_, props, actions) => {
    const { statements } = layoutWith(props);
    expect(statements).toMatchObject([
      {
        Action: actions.map((action) => `elasticfilesystem:${action}`),
        Resource: [expect.stringMatching(/:file-system\/fs-0123456789abcdef0$/)],
        Condition: {
          StringEquals: {
            "elasticfilesystem:AccessPointArn": [expect.stringMatching(/:access-point\/fsap-0123456789abcdef0$/)],
          },
        },
      },
    ]);
  });
});

it("is an empty folder without a file system, which needs no permission", () => {
  const { definition, containers, statements } = layoutWith({
    volumes: { socket: {} },
    sidecars: { agent: { image, mounts: { socket: { path: "/run/agent", readOnly: true } } } },
  });
  expect(definition.volume).toEqual([{ name: "socket" }]);
  expect(containers[0]!.mountPoints).toEqual([]);
  expect(containers[1]!.mountPoints).toEqual([{ sourceVolume: "socket", containerPath: "/run/agent", readOnly: true }]);
  expect(statements).toEqual([]);
});

it("is next to those of a read-only root", () => {
  const { definition } = layoutWith({
    readonlyRootFilesystem: true,
    volumes: { uploads: { mount: { path: "/up" } } },
  });
  expect((definition.volume as Resource[]).map(({ name }) => name)).toEqual([
    "ssm-agent-log",
    "ssm-agent-state",
    "tmp",
    "uploads",
  ]);
});

it("is on the disk that the task asks for", () => {
  expect(layoutWith({ ephemeralStorageGiB: 50 }).definition.ephemeral_storage).toEqual({ size_in_gib: 50 });
  expect(layoutWith({}).definition).not.toHaveProperty("ephemeral_storage");
});
