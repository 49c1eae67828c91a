import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import type { Container, Task, TaskRuntime } from "../../../src/lab/data-plane/data-plane";
import { startTaskRuntime } from "../../../src/lab/data-plane/runtime";
import { describeWithSandbox, openGroup, runTask, taskAt } from "../sandbox-here";
import { bootBound } from "../../../src/lab/waiting/bounds";
import { slowness } from "../../../src/lab/waiting/machine";
import { describeWait, sumOf, timersOf, waitFor, workOf } from "../../../src/lab/waiting/wait";
import { scratchFolder } from "../../scratch";

const node = process.execPath;
const idle = ["sleep", "1000"];

/** Serves HTTP at 8080 and answers with the address that asked; ends with code 3 at SIGTERM. */
const server = `
require("node:http").createServer((request, response) => response.end(request.socket.remoteAddress)).listen(8080, "0.0.0.0",
  () => console.log("listening"));
process.on("SIGTERM", () => { console.log("terminating"); process.exit(3); });`;

const until = async (what: () => boolean | Promise<boolean>) => {
  const waited = await waitFor(what, bootBound(1));
  if (!waited.value) throw new Error(`It never came to be ${describeWait(waited)}`);
};

/** Exit code of curl: 0 answered, 7 refused, 28 no answer in time: a second on a quiet machine. */
const curl = async (from: Container, url: string) =>
  (await from.exec(["curl", "-sS", "-m", String(slowness()), url])).code;

describeWithSandbox("a VPC on this machine", () => {
  let runtime: TaskRuntime;
  const started: Task[] = [];
  const logFolder = scratchFolder("lab-logs");

  beforeAll(async () => {
    runtime = await startTaskRuntime({ vpcCidrs: ["10.0.0.0/16"], region: "eu-west-1", logFolder });
  });
  beforeEach(() => runtime.applySecurityGroups([openGroup]));
  afterEach(async () => {
    await runtime.applyFaults({});
    await Promise.all(started.splice(0).map((task) => task.remove().catch(() => undefined)));
  });
  afterAll(async () => {
    await runtime.close();
    rmSync(logFolder, { recursive: true });
  });

  const run = async (host: number, command: readonly string[], groups?: readonly string[]) => {
    const made = await runTask(runtime, taskAt(host, groups), command);
    started.push(made.task);
    return made;
  };
  /** A task that serves, and one that asks. */
  const pair = async (groups: { server?: string[]; client?: string[] } = {}) => {
    const serving = await run(11, [node, "-e", server], groups.server);
    const client = await run(12, idle, groups.client);
    await until(() => serving.container.log().includes("listening"));
    return { serving, client: client.container };
  };

  it("lets tasks reach each other at their own addresses", async () => {
    const { client } = await pair();
    expect((await client.exec(["curl", "-sS", "-m", "2", "http://10.0.1.11:8080"])).stdout).toBe("10.0.1.12");
  });

  it("gives a container its own host name, resolver, processes, /tmp and a writable /app of which nothing stays", async () => {
    // GIVEN
    const { container } = await run(11, idle);
    // WHEN
    const { stdout } = await container.exec([
      "sh",
      "-c",
      "hostname; cat /etc/resolv.conf; cat /proc/1/comm; ls /tmp; touch /app/written /tmp/x /etc/x; ls /app/written; pwd; echo $LANG",
    ]);
    // THEN
    expect(stdout.split("\n")).toEqual([
      "ip-10-0-1-11.eu-west-1.compute.internal",
      "nameserver 10.0.0.2",
      "sleep",
      "/app/written",
      "/app",
      "C.UTF-8",
      "",
    ]);
    expect(existsSync(path.join(__dirname, "written"))).toBe(false);
    expect(existsSync("/etc/x")).toBe(false);
  });

  it("keeps the root file system read-only where the task definition says so, but for its volumes", async () => {
    // GIVEN
    const task = await runtime.createTask(taskAt(11));
    started.push(task);
    const spec = { name: "app", image: "app", folder: __dirname, command: idle, readonlyRootFilesystem: true };
    const container = await task.startContainer({ ...spec, volumes: ["/data", "/tmp"] });
    // WHEN
    const codes = ["/x", "/app/x", "/etc/x", "/run/x", "/usr/x", "/data/x", "/tmp/x"].map(
      async (file) => (await container.exec(["touch", file])).code,
    );
    // THEN
    expect(await Promise.all(codes)).toEqual([1, 1, 1, 1, 1, 0, 0]);
  });

  it("stops a container by SIGTERM, which its first process gets, and says how it ended", async () => {
    const { serving } = await pair();
    const status = await serving.container.stop(10);
    expect(status).toEqual({ exitCode: 3, finishedAt: expect.stringMatching(/^20\d\d-/) as string });
    expect(serving.container.log()).toBe("listening\nterminating\n");
    expect(readFileSync(path.join(logFolder, "task11-app.log"), "utf8")).toMatch(/listening\nterminating\n$/);
  });

  it("kills what ignores SIGTERM after its stop timeout: exit code 137", async () => {
    const { container } = await run(11, ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"]);
    await until(() => container.log().includes("ready"));
    const before = Date.now();
    expect(await container.stop(1)).toMatchObject({ exitCode: 137, signal: "SIGKILL" });
    expect(Date.now() - before).toBeGreaterThan(950);
    expect(await container.exec(["true"])).toEqual({ stdout: "", stderr: "container is not running", code: 137 });
  });

  it("takes along what a container's first process has left behind", async () => {
    // GIVEN a daemon next to the first process
    const { container } = await run(11, ["sh", "-c", "setsid sleep 4321 & echo ready; wait"]);
    await until(() => container.log().includes("ready"));
    // WHEN
    await container.signal("SIGKILL");
    await container.exited;
    // THEN no process of this machine is that daemon
    const commands = readdirSync("/proc").flatMap((pid) => {
      const file = `/proc/${pid}/cmdline`;
      try {
        return /^\d+$/.test(pid) ? [readFileSync(file, "utf8")] : [];
      } catch {
        return [];
      }
    });
    expect(commands.filter((line) => line.startsWith("sleep\u00004321"))).toEqual([]);
  });

  it("gives output line by line, also the last one without an end", async () => {
    const lines: string[] = [];
    const task = await runtime.createTask(taskAt(11));
    started.push(task);
    const container = await task.startContainer({
      ...{ name: "app", image: "app", folder: __dirname },
      command: ["sh", "-c", "echo one; echo two >&2; printf three"],
      onOutput: (line, stream) => lines.push(`${stream}: ${line}`),
    });
    expect((await container.exited).exitCode).toBe(0);
    expect(lines.sort()).toEqual(["stderr: two", "stdout: one", "stdout: three"]);
  });

  it.each([
    [
      "an image folder that does not exist",
      { folder: "/no/such/folder" },
      /folder "\/no\/such\/folder" does not exist/,
    ],
    ["a command that does not exist", { command: ["bin/nothing"] }, /exec: "bin\/nothing": no such file or directory/],
    ["no command", { command: [] }, /no command specified/],
  ])("refuses %s in the words of ECS", async (_, wrong, message) => {
    const task = await runtime.createTask(taskAt(11));
    started.push(task);
    const spec = { name: "app", image: "app", folder: __dirname, command: idle, ...wrong };
    await expect(task.startContainer(spec)).rejects.toThrow(message);
  });

  it.each([
    [
      { address: "10.0.1.3" },
      "Address 10.0.1.3 is reserved: AWS keeps the first four and the last one of 10.0.1.0/24.",
    ],
    [
      { address: "10.0.1.255" },
      "Address 10.0.1.255 is reserved: AWS keeps the first four and the last one of 10.0.1.0/24.",
    ],
    [{ address: "10.0.2.9" }, "Address 10.0.2.9 is outside of its subnet 10.0.1.0/24."],
    [{ address: "192.168.1.9" }, "Address 192.168.1.9 is outside of the VPC (10.0.0.0/16)."],
    [{ securityGroupIds: [] }, "Task task11 has 0 security groups: awsvpc takes 1 to 5."],
  ])("refuses a task with %j", async (wrong, message) => {
    await expect(runtime.createTask({ ...taskAt(11), ...wrong })).rejects.toThrow(message);
  });

  it("refuses an address that is in use", async () => {
    await run(11, idle);
    const twin = runtime.createTask({ ...taskAt(11), id: "twin" });
    await expect(twin).rejects.toThrow("Address 10.0.1.11 is in use by task task11.");
  });

  it("tells each task about itself at the metadata endpoint, and about no other", async () => {
    // GIVEN
    const one = await run(11, idle);
    const other = await run(12, idle);
    await one.task.describe({ health: { app: "HEALTHY" } });
    const uri = (await one.container.exec(["sh", "-c", "echo $ECS_CONTAINER_METADATA_URI_V4"])).stdout.trim();
    // WHEN
    const document = async (suffix: string) =>
      JSON.parse((await one.container.exec(["curl", "-sS", uri + suffix])).stdout) as Record<string, unknown>;
    // THEN
    expect(await document("/task")).toMatchObject({
      ...{ Cluster: "my-cluster", Family: "myapp", Revision: "1", LaunchType: "FARGATE", KnownStatus: "RUNNING" },
      Containers: [{ Name: "app", Networks: [{ NetworkMode: "awsvpc", IPv4Addresses: ["10.0.1.11"] }] }],
    });
    expect(await document("")).toMatchObject({ Name: "app", Type: "NORMAL", Health: { status: "HEALTHY" } });
    expect(await document("/stats")).toMatchObject({
      name: "app",
      memory_stats: { usage: expect.any(Number) as number },
    });
    expect(Object.keys(await document("/task/stats"))).toEqual([(await document("")).DockerId]);
    expect((await other.container.exec(["curl", "-sS", "-w", "%{http_code}", uri])).stdout).toMatch(/404$/);
  });

  it("passes what a container asks of ECS's agent on to its task's, and to no other", async () => {
    // GIVEN a task with an agent, and one that knows where that is
    const asked: (string | undefined)[] = [];
    const agent = {
      taskProtection: async (body?: string) => {
        asked.push(body);
        if (body === "broken") throw new Error("no answer from ECS");
        return { status: 403, body: { said: body ?? null } };
      },
    };
    const one = await runTask(runtime, taskAt(11), idle, agent);
    const other = await run(12, idle);
    started.push(one.task);
    const uri = (await one.container.exec(["sh", "-c", "echo $ECS_AGENT_URI"])).stdout.trim();
    const ask = async (from: Container, path: string, ...how: string[]) =>
      (await from.exec(["curl", "-sS", "-w", " %{http_code}", ...how, uri + path])).stdout;
    // THEN
    const state = "/task-protection/v1/state";
    expect(await ask(one.container, state)).toBe('{"said":null} 403');
    expect(await ask(one.container, state, "-X", "PUT", "-d", "{}")).toBe('{"said":"{}"} 403');
    expect(await ask(one.container, state, "-X", "PUT", "-d", "broken")).toBe(
      '{"error":{"Code":"ServerException","Message":"no answer from ECS"}} 500',
    );
    expect(asked).toEqual([undefined, "{}", "broken"]);
    expect(await ask(one.container, "/credentials")).toMatch(/404$/);
    expect(await ask(other.container, state)).toMatch(/404$/);
    expect(asked).toHaveLength(3);
  });

  it("resolves the VPC's namespaces as dig, libc and Erlang ask for them", async () => {
    // GIVEN
    const { container } = await run(11, idle);
    const instances = [{ address: "10.0.1.11", healthy: true }];
    const service = { name: "myapp", routingPolicy: "MULTIVALUE" as const, ttl: 0, instances };
    await runtime.applyZones([{ name: "organization.test", negativeTtl: 0, services: [service] }]);
    const output = async (...command: string[]) => (await container.exec(command)).stdout.trim();
    // THEN
    const name = "myapp.organization.test";
    expect(await output("dig", "+short", name)).toBe("10.0.1.11");
    expect(await output("dig", "+short", "+tcp", name)).toBe("10.0.1.11");
    expect(await output("dig", "+short", "@169.254.169.253", name)).toBe("10.0.1.11");
    expect(await output("dig", "nobody.organization.test")).toContain("status: NXDOMAIN");
    expect(await output("dig", "AAAA", name)).toMatch(/status: NOERROR.*ANSWER: 0, AUTHORITY: 1/s);
    expect(await output("getent", "ahostsv4", name)).toContain("10.0.1.11");
    const erlang = `io:format("~p", [inet_res:lookup("${name}", in, a)]), halt().`;
    expect(await output("erl", "-noshell", "-eval", erlang)).toBe("[{10,0,1,11}]");
    // WHEN the resolver is silent
    await runtime.applyFaults({ dnsSilent: true });
    // THEN
    expect(await output("dig", "+time=1", "+tries=1", name)).toContain("no servers could be reached");
  });

  it("lets pass what the rules of both ends allow, counts it by rule, and says at which hop the rest was dropped", async () => {
    // GIVEN
    const rule = (id: string, port: number, group: string) =>
      ({ id, protocol: "tcp", fromPort: port, toPort: port, peer: { group } }) as const;
    await runtime.applySecurityGroups([
      { id: "sg-server", ingress: [rule("sgr-in", 8080, "sg-client")], egress: [] },
      {
        id: "sg-client",
        ingress: [],
        egress: [rule("sgr-out", 8080, "sg-server"), rule("sgr-out2", 9090, "sg-server")],
      },
    ]);
    const { client } = await pair({ server: ["sg-server"], client: ["sg-client"] });
    // WHEN
    expect(await curl(client, "http://10.0.1.11:8080")).toBe(0);
    expect(await curl(client, "http://10.0.1.11:9090")).toBe(28);
    expect(await curl(client, "http://10.0.1.11:7070")).toBe(28);
    // THEN
    const { rules, denied, flows } = await runtime.counters();
    const counts = Object.fromEntries(rules.map(({ ruleId, packets }) => [ruleId, packets]));
    expect(counts).toEqual({ "sgr-in": 1, "sgr-out": 1, "sgr-out2": expect.any(Number) as number });
    const hop = (port: number) =>
      denied.find((each) => each.port === port && each.source === "10.0.1.12" && each.destination === "10.0.1.11");
    expect(hop(9090)).toMatchObject({ direction: "ingress", protocol: "tcp" });
    expect(hop(7070)).toMatchObject({ direction: "egress", protocol: "tcp" });
    expect(flows.filter(({ port }) => port === 9090 || port === 7070)).toEqual([]);
  });

  it("keeps open connections open when their rules go, and lets no new one in", async () => {
    // GIVEN a connection on which the server sends a line a moment
    const ticking = `require("node:net").createServer((socket) => {
      setInterval(() => socket.write("tick\\n"), 50); }).listen(8080, "0.0.0.0", () => console.log("listening"))`;
    const serving = await run(11, [node, "-e", ticking]);
    await until(() => serving.container.log().includes("listening"));
    const listening = `require("node:net").connect(8080, "10.0.1.11").pipe(process.stdout)`;
    const { container } = await run(12, [node, "-e", listening]);
    await until(() => container.log().includes("tick"));
    // WHEN
    await runtime.applySecurityGroups([{ id: "sg-open", ingress: [], egress: [] }]);
    const before = container.log().length;
    // THEN
    await until(() => container.log().length > before + 20);
    expect(await curl(container, "http://10.0.1.11:8080")).toBe(28);
  });

  it("keeps a rule's count while other rules come and go", async () => {
    const { client } = await pair();
    await curl(client, "http://10.0.1.11:8080");
    const count = async () =>
      (await runtime.counters()).rules.find(({ ruleId }) => ruleId === "sgr-open-in")?.packets ?? 0;
    const before = await count();
    expect(before).toBeGreaterThan(0);
    const extra = { id: "sgr-extra", protocol: "udp", peer: { cidr4: "10.0.0.0/8" } };
    await runtime.applySecurityGroups([{ ...openGroup, ingress: [extra, ...openGroup.ingress] }]);
    expect(await count()).toBe(before);
  });

  it("refuses a rule that can't be, and keeps the ones before", async () => {
    const { client } = await pair();
    const wrong = { id: "sgr-1", protocol: "tcp", peer: { cidr4: "10.0.0.0/99" } };
    await expect(runtime.applySecurityGroups([{ id: "sg-open", ingress: [wrong], egress: [] }])).rejects.toThrow(
      /10\.0\.0\.0\/99/,
    );
    expect(await curl(client, "http://10.0.1.11:8080")).toBe(0);
  });

  it("makes packets of a cut task and of a cut link vanish, and heals", async () => {
    // GIVEN
    const { client } = await pair();
    const third = (await run(13, idle)).container;
    const url = "http://10.0.1.11:8080";
    // THEN
    await runtime.applyFaults({ cutLinks: [["10.0.1.11", "10.0.1.12"]] });
    expect([await curl(client, url), await curl(third, url)]).toEqual([28, 0]);
    await runtime.applyFaults({ cutTasks: ["10.0.1.11"] });
    expect([await curl(client, url), await curl(third, url)]).toEqual([28, 28]);
    await runtime.applyFaults({ shaping: { "10.0.1.11": [{ lossPercent: 100 }] } });
    expect(await curl(client, url)).toBe(28);
    await runtime.applyFaults({});
    expect([await curl(client, url), await curl(third, url)]).toEqual([0, 0]);
  });

  it("delays what a task sends and what it receives, by netem or without", async () => {
    // GIVEN
    expect(runtime.abilities.delay).toBe(true);
    const { client } = await pair();
    const connecting = async () =>
      Number(
        (await client.exec(["curl", "-sS", "-w", "%{time_connect}", "-o", "/dev/null", "http://10.0.1.11:8080"]))
          .stdout,
      );
    // WHEN
    await runtime.applyFaults({ shaping: { "10.0.1.11": [{ delayMs: 100 }] } });
    // THEN it is 100 ms there and 100 ms back
    const delayed = await connecting();
    expect(delayed).toBeGreaterThan(0.2);
    expect(delayed).toBeLessThan(0.3);
    // One way alone, with jitter
    const oneWay = { delayMs: 100, jitterMs: 20, direction: "in" } as const;
    await runtime.applyFaults({ shaping: { "10.0.1.11": [oneWay] } });
    const half = await connecting();
    expect(half).toBeGreaterThan(0.08);
    expect(half).toBeLessThan(0.18);
    await runtime.applyFaults({ shaping: { "10.0.1.11": [{ delayMs: 20 }] } });
    expect(await connecting()).toBeLessThan(0.1);
    await runtime.applyFaults({});
    expect(await connecting()).toBeLessThan(0.02);
  });

  it("carries a large transfer over a slow and lossy link whole", async () => {
    // GIVEN
    const sending = `require("node:net").createServer((socket) => socket.end(Buffer.alloc(2e6, "x")))
      .listen(8080, "0.0.0.0", () => console.log("listening"))`;
    const serving = await run(11, [node, "-e", sending]);
    const { container } = await run(12, idle);
    await until(() => serving.container.log().includes("listening"));
    // WHEN
    await runtime.applyFaults({ shaping: { "10.0.1.11": [{ delayMs: 10, lossPercent: 1 }] } });
    const receiving = `let bytes = 0; require("node:net").connect(8080, "10.0.1.11")
      .on("data", (chunk) => (bytes += chunk.length)).on("end", () => console.log(bytes))`;
    // THEN
    expect((await container.exec([node, "-e", receiving])).stdout).toBe("2000000\n");
  });

  it("freezes a task's processes and thaws them", async () => {
    const { client } = await pair();
    await runtime.applyFaults({ frozenTasks: ["10.0.1.11"] });
    expect(await curl(client, "http://10.0.1.11:8080")).toBe(28);
    await runtime.applyFaults({});
    expect(await curl(client, "http://10.0.1.11:8080")).toBe(0);
  });

  // What runs the command sees it stopped, or notices it only while the task thaws.
  describe.each([200, 0])("a command in a task that is frozen for %d ms, such as a health check", (frozenMs) => {
    const checking = async () => {
      const { container } = await run(11, idle);
      const check = container.exec(["sh", "-c", "touch /begun; until [ -e /may-end ]; do sleep 0.05; done"]);
      await until(async () => (await container.exec(["test", "-e", "/begun"])).code === 0);
      await runtime.applyFaults({ frozenTasks: ["10.0.1.11"] });
      await new Promise((resolve) => setTimeout(resolve, frozenMs));
      return { container, check };
    };

    it("goes on when the task thaws", async () => {
      const { container, check } = await checking();
      await runtime.applyFaults({});
      await container.exec(["touch", "/may-end"]);
      expect((await check).code).toBe(0);
    });

    it("doesn't keep the task from being killed", async () => {
      const { container, check } = await checking();
      expect(await container.stop(0)).toMatchObject({ exitCode: 137 });
      expect((await check).code).toBe(137);
    });
  });

  it("lets packets to a task that is gone vanish without a word, as to a detached network interface", async () => {
    const { serving, client } = await pair();
    await serving.task.remove();
    expect(await curl(client, "http://10.0.1.11:8080")).toBe(28);
  });

  it("leads a port of this machine into a task, past its security groups, as if from inside it", async () => {
    // GIVEN
    const { serving } = await pair();
    await runtime.applySecurityGroups([]);
    // WHEN
    const forwarding = await serving.task.forward(8080);
    // THEN
    const response = await fetch(`http://127.0.0.1:${forwarding.port}/`);
    expect(await response.text()).toBe("10.0.1.11");
    await forwarding.close();
    await expect(fetch(`http://127.0.0.1:${forwarding.port}/`)).rejects.toThrow();
  });

  it("refuses to lead a port of this machine anywhere that is taken", async () => {
    const { task } = await run(11, idle);
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as AddressInfo;
    await expect(task.forward(8080, port)).rejects.toThrow(
      `Port ${port} of this machine is taken: choose another one.`,
    );
    taken.close();
  });

  it("runs a command of this machine's terminal inside a container", async () => {
    const { container } = await run(11, idle);
    const { file, args, environment } = await container.terminal(["sh", "-c", "hostname; pwd; echo $LANG"]);
    const { stdout } = spawnSync(file, args, { env: environment, encoding: "utf8" });
    expect(stdout).toBe("ip-10-0-1-11.eu-west-1.compute.internal\n/app\nC.UTF-8\n");
  });

  it("removes a task whose container is just starting, with the container", async () => {
    const task = await runtime.createTask(taskAt(11));
    const starting = task.startContainer({ name: "app", image: "app", folder: __dirname, command: idle });
    await task.remove();
    expect(await (await starting).exited).toMatchObject({ exitCode: 137 });
    expect(await runtime.statistics()).toEqual([]);
  });

  it("applies faults to a task that comes later, by its address", async () => {
    await runtime.applyFaults({ frozenTasks: ["10.0.1.11"], shaping: { "10.0.1.12": [{ delayMs: 50 }] } });
    const frozen = await run(11, ["sh", "-c", "sleep 0.2; echo awake; sleep 1000"]);
    const slow = await run(12, idle);
    const asked = Date.now();
    await slow.container.exec(["dig", "+tries=1", "+time=2", "nobody.organization.test"]);
    expect(Date.now() - asked).toBeGreaterThan(100);
    // Had it not been frozen, it would have said so by now.
    await waitFor(() => frozen.container.log() !== "", sumOf(timersOf({ sleep: 0.2 }), workOf({ start: 0.2 })));
    expect(frozen.container.log()).toBe("");
    await runtime.applyFaults({});
    await until(() => frozen.container.log() === "awake\n");
  });

  it("measures the memory of each container", async () => {
    const { container } = await run(11, ["sh", "-c", "echo started; exec sleep 1000"]);
    // Before it runs its command a process is its own first few pages.
    await until(() => container.log() === "started\n");
    const [statistics] = await runtime.statistics();
    expect(statistics).toMatchObject({ taskId: "task11", container: "app", processes: 1 });
    expect(statistics?.rssBytes).toBeGreaterThan(100_000);
    expect(statistics?.pssBytes).toBeLessThanOrEqual(statistics?.rssBytes ?? 0);
  });

  it("ends a command that outlasts its timeout", async () => {
    const { container } = await run(11, idle);
    expect(await container.exec(["sleep", "60"], { timeoutSeconds: 1 })).toMatchObject({ code: 137 });
    const add = { environment: { ADDED: "value" } };
    expect(await container.exec(["sh", "-c", "echo $ADDED; exit 7"], add)).toMatchObject({
      stdout: "value\n",
      code: 7,
    });
  });
});
