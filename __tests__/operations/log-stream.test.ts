import { CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { useLocalAws } from "../lab/local-aws/use-local-aws";
import { lastLogEvents, LogStream, logStreamOf } from "../../src/operations/log-stream";

const name = { logGroupName: "/ecs/prod-shop", logStreamName: "shop/shop/1234" };
const local = useLocalAws();

async function write(...messages: string[]): Promise<void> {
  const logEvents = messages.map((message, index) => ({ message, timestamp: Date.now() + index }));
  await local.clients.logs.send(new PutLogEventsCommand({ ...name, logEvents }));
}

describe("LogStream", () => {
  it("reads what was written since the last call, from before the stream exists", async () => {
    // GIVEN
    const stream = new LogStream(local.clients.logs, name);
    const messages = async () => (await stream.next()).map(({ message }) => message);
    // THEN
    expect(await messages()).toEqual([]);
    await local.clients.logs.send(new CreateLogGroupCommand(name));
    expect(await messages()).toEqual([]);
    await local.clients.logs.send(new CreateLogStreamCommand(name));
    await write("first\n", "second");
    expect(await messages()).toEqual(["first", "second"]);
    expect(await messages()).toEqual([]);
    await write("third");
    expect(await messages()).toEqual(["third"]);
    expect(await lastLogEvents(local.clients.logs, name, 2)).toEqual([
      { at: expect.any(Date), message: "second" },
      { at: expect.any(Date), message: "third" },
    ]);
  });

  it("reads every page", async () => {
    // GIVEN
    const paged = { logGroupName: name.logGroupName, logStreamName: "shop/shop/paged" };
    await local.clients.logs.send(new CreateLogStreamCommand(paged));
    const logEvents = Array.from({ length: 10_001 }, (_, index) => ({ message: `${index}`, timestamp: Date.now() }));
    await local.clients.logs.send(new PutLogEventsCommand({ ...paged, logEvents: logEvents.slice(0, 10_000) }));
    await local.clients.logs.send(new PutLogEventsCommand({ ...paged, logEvents: logEvents.slice(10_000) }));
    // THEN CloudWatch Logs gives at most 10 000 events in one answer
    expect(await new LogStream(local.clients.logs, paged).next()).toHaveLength(10_001);
  });
});

describe("logStreamOf", () => {
  const container = (logDriver: "awslogs" | "splunk", options: Record<string, string>) =>
    logStreamOf({ name: "shop", logConfiguration: { logDriver, options } }, "1234", "eu-west-1");

  it.each([
    ["awslogs", { "awslogs-group": "/ecs/shop", "awslogs-stream-prefix": "app" }, "app/shop/1234"],
    ["awslogs", { "awslogs-group": "/ecs/shop" }, undefined],
    ["awslogs", { "awslogs-group": "/ecs/shop", "awslogs-stream-prefix": "app", "awslogs-region": "x" }, undefined],
    ["splunk", { "awslogs-group": "/ecs/shop", "awslogs-stream-prefix": "app" }, undefined],
  ] as const)("of %s %j is %s", (driver, options, stream) => {
    expect(container(driver, options)?.logStreamName).toBe(stream);
  });
});
