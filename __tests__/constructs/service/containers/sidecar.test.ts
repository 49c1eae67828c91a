import type { ElixirServiceProps } from "../../../../src/constructs/service/elixir-service-props";
import type { Sidecar } from "../../../../src/constructs/service/containers/sidecar";
import { ReleaseSecret } from "../../../../src/constructs/service/secrets/release-secret";
import { all, Layout, problemsOf, type Resource, the } from "../../layout";

const image = { uri: "datadog/agent:7", repositoryArn: undefined };

function containers(props: Partial<ElixirServiceProps>, layout = new Layout()): Resource[] {
  layout.service("shop", props);
  return JSON.parse(the(layout.json, "aws_ecs_task_definition").container_definitions as string) as Resource[];
}
const agent = (sidecar: Partial<Sidecar> = {}) => containers({ sidecars: { agent: { image, ...sidecar } } })[1]!;

describe("a sidecar", () => {
  it("is a container next to the node, whose end doesn't end the task", () => {
    expect(agent()).toEqual({
      name: "agent",
      image: "datadog/agent:7",
      essential: false,
      environment: [],
      secrets: [],
      portMappings: [],
      mountPoints: [],
      readonlyRootFilesystem: false,
      logConfiguration: {
        logDriver: "awslogs",
        options: expect.objectContaining({ "awslogs-stream-prefix": "agent" }) as unknown,
      },
    });
  });

  it("has what its options say, each value as it is written", () => {
    const full = agent({
      entryPoint: ["/entry"],
      command: ["run", "${x}"],
      environment: { B: "%{b}", A: "1" },
      essential: true,
      dependsOn: { shop: "HEALTHY" },
      healthCheck: { command: ["CMD", "ok"], retries: 5 },
      ports: [8125],
      cpu: 64,
      memory: 128,
      restartPolicy: { ignoredExitCodes: [0], attemptPeriodSeconds: 60 },
      readonlyRootFilesystem: true,
    });
    expect(full).toMatchObject({
      entryPoint: ["/entry"],
      command: ["run", "$${x}"],
      environment: [
        { name: "A", value: "1" },
        { name: "B", value: "%%{b}" },
      ],
      essential: true,
      dependsOn: [{ containerName: "shop", condition: "HEALTHY" }],
      healthCheck: { command: ["CMD", "ok"], interval: 30, timeout: 5, retries: 5, startPeriod: 0 },
      portMappings: [{ containerPort: 8125, hostPort: 8125, protocol: "tcp" }],
      cpu: 64,
      memory: 128,
      restartPolicy: { enabled: true, ignoredExitCodes: [0], restartAttemptPeriod: 60 },
      readonlyRootFilesystem: true,
    });
  });

  it("has no health check unless it has a command for one", () => expect(agent()).not.toHaveProperty("healthCheck"));

  it("comes after the node, in the order of names", () => {
    const names = containers({ sidecars: { b: { image }, a: { image } } }).map(({ name }) => name);
    expect(names).toEqual(["shop", "a", "b"]);
  });

  it("may be what the node and beforeStart wait for", () => {
    const sidecars = { agent: { image } };
    const [node, init] = containers({ sidecars, dependsOn: { agent: "START" }, beforeStart: ["bin/migrate"] });
    expect([node!.dependsOn, init!.dependsOn]).toEqual([
      [
        { containerName: "agent", condition: "START" },
        { containerName: "shop-before-start", condition: "SUCCESS" },
      ],
      [{ containerName: "agent", condition: "START" }],
    ]);
  });

  it("reads its secrets and its registry's, and is pulled from its repository, by the execution role", () => {
    const layout = new Layout();
    const secret = (name: string) =>
      new ReleaseSecret(layout.stack, name, {
        secretsManager: `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-AbCdEf`,
      });
    const repositoryArn = "arn:aws:ecr:eu-west-1:123456789012:repository/agent";
    const sidecar = {
      image: { uri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent:1", repositoryArn },
      secrets: { KEY: secret("key") },
      registryCredentials: secret("registry"),
    };
    const [node, agent] = containers(
      { sidecars: { agent: sidecar }, registryCredentials: secret("own-registry") },
      layout,
    );
    const login = (name: string) => ({ credentialsParameter: expect.stringContaining(`secret:${name}-`) as unknown });
    expect(node!.repositoryCredentials).toEqual(login("own-registry"));
    expect(agent!.repositoryCredentials).toEqual(login("registry"));
    const execution = all(layout.json, "aws_iam_role_policy").find(({ name }) => name === "execution")!.policy;
    for (const read of ["secret:key-", "secret:registry-", "secret:own-registry-", repositoryArn])
      expect(execution).toContain(read);
  });

  it("is checked with the service", () => {
    const layout = new Layout();
    layout.service("shop", { sidecars: { agent: { image, ports: [4000] } }, dependsOn: { proxy: "START" } });
    expect(problemsOf(layout.stack)).toEqual([
      'dependsOn.proxy: "proxy" as a container; allowed: other containers of the task: agent',
      "sidecars.agent.ports.0; allowed: a port that no other container of the task listens on: HTTP has 4000",
    ]);
  });
});

it("starts the node as its own options say", () => {
  const [node] = containers({
    entryPoint: ["/tini", "--"],
    command: ["bin/server"],
    ulimits: { nofile: 100000 },
    restartPolicy: {},
  });
  expect(node).toMatchObject({
    entryPoint: ["/tini", "--"],
    command: ["bin/server"],
    ulimits: [{ name: "nofile", softLimit: 100000, hardLimit: 100000 }],
    restartPolicy: { enabled: true, restartAttemptPeriod: 300 },
  });
});

it("lets the node open as many sockets as the BEAM has ports", () => {
  expect(containers({})[0]).toMatchObject({ ulimits: [{ name: "nofile", softLimit: 65536, hardLimit: 65536 }] });
});
