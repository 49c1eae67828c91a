import type { AppliedContainer } from "../../../../src/lab/control-plane/applied/task-definitions";
import { writeLogs } from "../../../../src/lab/control-plane/task/container-logs";
import type { TaskContainer } from "../../../../src/lab/control-plane/task/task-containers";
import type { Container } from "../../../../src/lab/data-plane/data-plane";
import { awsError, ScriptedAws } from "../scripted-aws";

const stream = { logGroupName: "/myapp", logStreamName: "ecs/app/task-1" };
const logs = { group: "/myapp", streamPrefix: "ecs" };
const container = (output: string | undefined, change: Partial<AppliedContainer> = {}) =>
  ({
    definition: { name: "app", logs, ...change },
    running: output === undefined ? undefined : ({ log: () => output } as Container),
  }) as TaskContainer;
const accepting = () => new ScriptedAws({ CreateLogStream: () => ({}), PutLogEvents: () => ({}) });

it("writes a container's lines to the stream that the awslogs driver would make, without empty ones", async () => {
  const aws = accepting();
  await writeLogs(aws.clients, "task-1", container("one\n\n  two\n \n"));
  expect(aws.sent).toEqual([
    { command: "CreateLogStream", input: stream },
    {
      command: "PutLogEvents",
      input: {
        ...stream,
        logEvents: [
          { message: "one", timestamp: expect.any(Number) },
          { message: "  two", timestamp: expect.any(Number) },
        ],
      },
    },
  ]);
});

it.each([
  ["wrote nothing", container(" \n\n")],
  ["never started", container(undefined)],
  ["has another log driver", container("one", { logs: undefined })],
])("makes no stream for a container that %s", async (_, without) => {
  const aws = accepting();
  await writeLogs(aws.clients, "task-1", without);
  expect(aws.sent).toEqual([]);
});

it("ignores a log group that doesn't exist, and passes any other error on", async () => {
  const failing = (name: string) =>
    new ScriptedAws({
      CreateLogStream: () => {
        throw awsError(name);
      },
    });
  const missing = failing("ResourceNotFoundException");
  await writeLogs(missing.clients, "task-1", container("one"));
  expect(missing.requests("PutLogEvents")).toEqual([]);
  await expect(writeLogs(failing("ThrottlingException").clients, "task-1", container("one"))).rejects.toThrow(
    "ThrottlingException",
  );
});
