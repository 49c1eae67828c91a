import { TaskLogs } from "../../../../src/lab/control-plane/task/container-logs";
import { SimulatedClock } from "../../simulated-clock";
import { awsError, ScriptedAws } from "../scripted-aws";

const stream = { logGroupName: "/myapp", logStreamName: "ecs/app/task-1" };
const containers = [
  { name: "app", logs: { group: "/myapp", streamPrefix: "ecs" } },
  { name: "init", logs: { group: "/myapp", streamPrefix: "init" } },
  { name: "sidecar" },
];
const accepting = () => new ScriptedAws({ CreateLogStream: () => ({}), PutLogEvents: () => ({}) });

function logsOf(aws: ScriptedAws, writesLogs?: () => boolean) {
  const clock = new SimulatedClock();
  const errors: string[] = [];
  const onError = ({ message }: Error) => errors.push(message);
  return {
    clock,
    errors,
    logs: new TaskLogs("task-1", containers, { clients: aws.clients, clock, writesLogs, onError }),
  };
}
const always = () => true;

describe("a task's logs", () => {
  it("are in CloudWatch Logs a second after a line, with the time of each, while the container runs", async () => {
    // GIVEN two lines, one of them later
    const aws = accepting();
    const { clock, logs } = logsOf(aws, always);
    logs.take("app", "one");
    clock.run(400);
    logs.take("app", "  two");
    logs.take("app", " ");
    // THEN they are sent together, without the empty one
    clock.run(599);
    expect(aws.sent).toEqual([]);
    clock.run(1);
    await logs.flush();
    const logEvents = [
      { message: "one", timestamp: 0 },
      { message: "  two", timestamp: 400 },
    ];
    expect(aws.sent).toEqual([
      { command: "CreateLogStream", input: stream },
      { command: "PutLogEvents", input: { ...stream, logEvents } },
    ]);
    // AND the next ones go to the same stream
    logs.take("app", "three");
    clock.run(1000);
    await logs.flush();
    expect(aws.requests("CreateLogStream")).toHaveLength(1);
    expect(aws.requests("PutLogEvents")[1]).toMatchObject({ logEvents: [{ message: "three" }] });
  });

  it("are sent at once where the task ends, those of each container to a stream of its own", async () => {
    const aws = accepting();
    const { logs } = logsOf(aws, always);
    logs.take("app", "bye");
    logs.take("init", "migrated");
    await logs.flush();
    expect(aws.requests("PutLogEvents").map(({ logStreamName }) => logStreamName)).toEqual([
      "ecs/app/task-1",
      "init/init/task-1",
    ]);
    // AND not again
    await logs.flush();
    expect(aws.requests("PutLogEvents")).toHaveLength(2);
  });

  it.each([
    ["of a container with another log driver", always, "sidecar"],
    ["where the lab writes none", undefined, "app"],
    ["once the lab ends", () => false, "app"],
  ])("are not sent %s", async (_, writes, container) => {
    const aws = accepting();
    const { clock, logs } = logsOf(aws, writes);
    logs.take(container, "one");
    clock.run(5000);
    await logs.flush();
    expect(aws.sent).toEqual([]);
  });

  it("ignore a log group that doesn't exist, and report any other error unless the lab ends", async () => {
    const failing = (name: string) =>
      new ScriptedAws({
        CreateLogStream: () => {
          throw awsError(name);
        },
      });
    const errorsOf = async (name: string, writes = always) => {
      const aws = failing(name);
      const { errors, logs } = logsOf(aws, writes);
      logs.take("app", "one");
      await logs.flush();
      expect(aws.requests("PutLogEvents")).toEqual([]);
      return errors;
    };
    expect(await errorsOf("ResourceNotFoundException")).toEqual([]);
    expect(await errorsOf("ThrottlingException")).toEqual(["ThrottlingException"]);
    // The line is taken, and the lab ends while it is sent.
    const answers = [true, true, false];
    expect(await errorsOf("ThrottlingException", () => answers.shift()!)).toEqual([]);
  });
});
