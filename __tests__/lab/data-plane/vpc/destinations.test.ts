import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import type { Container, Destination, TaskRuntime } from "../../../../src/lab/data-plane/data-plane";
import { startTaskRuntime } from "../../../../src/lab/data-plane/runtime";
import { describeWithSandbox, openGroup, runTask, taskAt } from "../../sandbox-here";

/** Tasks of this group may send to the destination's network at 5432 only. */
const toDatabase = {
  id: "sg-database",
  ingress: [],
  egress: [{ id: "sgr-5432", protocol: "tcp", fromPort: 5432, toPort: 5432, peer: { cidr4: "203.0.113.0/24" } }],
};
const closed = { id: "sg-closed", ingress: [], egress: [] };

describeWithSandbox("destinations beyond the VPC", () => {
  let runtime: TaskRuntime;
  let server: Server;
  let destination: Destination;
  const unreachable: string[] = [];
  const tasks = new Map<string, Container>();

  beforeAll(async () => {
    server = createServer((socket) => socket.once("data", (data) => socket.end(`you said ${data.toString()}`)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const hostPort = (server.address() as AddressInfo).port;
    runtime = await startTaskRuntime({ vpcCidrs: ["10.0.0.0/16"], region: "eu-west-1" });
    await runtime.applySecurityGroups([openGroup, toDatabase, closed]);
    const target = { host: "127.0.0.1", hostPort };
    destination = {
      name: "Db.internal",
      address: "203.0.113.10",
      ports: [
        { port: 5432, ...target },
        { port: 5433, ...target },
        // Nothing listens at the discard port.
        { port: 9, host: "127.0.0.1", hostPort: 9 },
      ],
    };
    await runtime.applyDestinations([destination], ({ name }, reason) => unreachable.push(`${name}: ${reason}`));
    for (const [index, group] of [openGroup, toDatabase, closed].entries())
      tasks.set(group.id, (await runTask(runtime, taskAt(11 + index, [group.id]), ["sleep", "1000"])).container);
  });
  afterAll(async () => {
    await runtime.close();
    server.close();
  });

  /** What a task hears from a port of a name; its exit code is curl's: 28 for silence, 6 for an unknown name, 7 for a refusal. */
  const ask = (group: string, place: string, seconds = 20) =>
    tasks.get(group)!.exec(["sh", "-c", `echo hello | curl -sS -m ${seconds} telnet://${place}`]);
  /** What is never answered: not after two seconds either. */
  const askSilence = (group: string, place: string) => ask(group, place, 2);

  it("answer at their name, through this machine, where the task's groups let it out", async () => {
    expect((await ask("sg-open", "db.internal:5432")).stdout).toBe("you said hello\n");
    expect((await ask("sg-database", "db.internal:5432")).stdout).toBe("you said hello\n");
  });

  it("don't answer where the task's groups don't let it out", async () => {
    expect(await askSilence("sg-database", "db.internal:5433")).toMatchObject({ code: 28, stdout: "" });
    expect(await askSilence("sg-closed", "db.internal:5432")).toMatchObject({ code: 28, stdout: "" });
    const { denied } = await runtime.counters();
    expect(denied.map(({ source, port, direction }) => `${source} ${port} ${direction}`).sort()).toEqual([
      "10.0.1.12 5433 egress",
      "10.0.1.13 5432 egress",
    ]);
  });

  it("are the only way out: other names are unknown, other ports and addresses silent", async () => {
    expect(await ask("sg-open", "other.internal:5432")).toMatchObject({ code: 6 });
    expect(await ask("sg-open", "db.internal:80")).toMatchObject({ code: 7 });
    expect(await askSilence("sg-open", "203.0.113.11:5432")).toMatchObject({ code: 28, stdout: "" });
    expect(await ask("sg-open", "127.0.0.1:5432")).toMatchObject({ code: 7 });
  });

  it("close the connection and report it when this machine can't reach the server", async () => {
    expect((await ask("sg-open", "db.internal:9")).stdout).toBe("");
    expect(unreachable).toEqual(["Db.internal: connect ECONNREFUSED 127.0.0.1:9"]);
  });

  it("are gone when they are declared no more", async () => {
    await runtime.applyDestinations([{ ...destination, name: "moved.internal", address: "203.0.113.20" }]);
    expect(await askSilence("sg-open", "203.0.113.10:5432")).toMatchObject({ code: 28, stdout: "" });
    expect((await ask("sg-open", "moved.internal:5432")).stdout).toBe("you said hello\n");
    await runtime.applyDestinations([destination]);
  });
});
