import type { ElixirServiceProps } from "../../../../src/constructs/service/elixir-service-props";
import type { LogRouter } from "../../../../src/constructs/service/containers/logs";
import { ReleaseSecret } from "../../../../src/constructs/service/secrets/release-secret";
import { all, Layout, type Resource, the } from "../../layout";

const fluentBit = { uri: "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5", repositoryArn: undefined };

function routed(router: Partial<LogRouter> = {}, props: Partial<ElixirServiceProps> = {}, layout = new Layout()) {
  const awsfirelens = { image: fluentBit, options: { Name: "http", Host: "${HOST}" }, ...router };
  layout.service("shop", { logs: { driver: { awsfirelens } }, ...props });
  const { json } = layout;
  const definition = the(json, "aws_ecs_task_definition").container_definitions as string;
  return { json, containers: JSON.parse(definition) as Resource[] };
}

describe("a log router", () => {
  it("takes the node's output, and starts before it", () => {
    const [node] = routed().containers;
    expect(node).toMatchObject({
      logConfiguration: { logDriver: "awsfirelens", options: { Host: "$${HOST}", Name: "http" } },
      dependsOn: [{ containerName: "shop-log-router", condition: "START" }],
    });
    expect(node!.logConfiguration).not.toHaveProperty("secretOptions");
  });

  it("is an essential container with a memory limit, and its own log in CloudWatch", () => {
    expect(routed().containers[1]).toEqual({
      name: "shop-log-router",
      image: fluentBit.uri,
      essential: true,
      memory: 128,
      user: "0",
      firelensConfiguration: { type: "fluentbit", options: { "enable-ecs-log-metadata": "true" } },
      logConfiguration: {
        logDriver: "awslogs",
        options: expect.objectContaining({ "awslogs-stream-prefix": "shop-log-router" }) as unknown,
      },
    });
  });

  it("includes a file of its image", () => {
    expect(routed({ configFile: "/etc/json.conf", memory: 64 }).containers[1]).toMatchObject({
      memory: 64,
      firelensConfiguration: { options: { "config-file-type": "file", "config-file-value": "/etc/json.conf" } },
    });
  });

  it("gets secrets, which the execution role may read", () => {
    const layout = new Layout();
    const token = new ReleaseSecret(layout.stack, "token", { ssmParameter: "/my-org/log-token", check: "none" });
    const { json, containers } = routed({ secretOptions: { Header: token } }, {}, layout);
    expect(containers[0]!.logConfiguration).toMatchObject({
      secretOptions: [{ name: "Header", valueFrom: expect.stringContaining("log-token") as unknown }],
    });
    const policies = all(json, "aws_iam_role_policy").map(({ policy }) => policy as string);
    expect(policies.filter((policy) => policy.includes("log-token"))).toHaveLength(1);
  });

  it("leaves the output of an init container to CloudWatch", () => {
    const { containers } = routed({}, { beforeStart: ["bin/migrate"] });
    expect(containers.map(({ name }) => name)).toEqual(["shop", "shop-before-start", "shop-log-router"]);
    expect(containers[1]!.logConfiguration).toMatchObject({ logDriver: "awslogs" });
  });
});

it("encrypts the log group with a customer key, and keeps it as long as asked", () => {
  const layout = new Layout();
  const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1234";
  layout.service("shop", { logs: { retentionDays: 7, kmsKeyArn } });
  expect(the(layout.json, "aws_cloudwatch_log_group")).toMatchObject({ retention_in_days: 7, kms_key_id: kmsKeyArn });
});
