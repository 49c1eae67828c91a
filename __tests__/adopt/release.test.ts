import { createSocket, type Socket } from "node:dgram";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { RECURSION_AVAILABLE, RECURSION_DESIRED, decode, encode } from "dns-packet";
import { execa, type ResultPromise } from "execa";
import { standIns, withDependencies } from "../../src/lab/local-aws/sample/sample-project";
import { eventually } from "../elixir-app/elixir";
import { describeWith } from "../tool-here";
import { Project } from "./project";

/** Without them, Erlang's resolver takes the answer for someone else's. */
const flags = RECURSION_DESIRED | RECURSION_AVAILABLE;

/** A name server in which every name has the address 127.0.0.1. */
async function nameServer(): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.on("message", (message, { port, address }) => {
    const { id, questions = [] } = decode(message);
    const answers = questions
      .filter(({ type }) => type === "A")
      .map(({ name }) => ({ type: "A" as const, name, ttl: 10, data: "127.0.0.1" }));
    socket.send(encode({ type: "response", id, flags, questions, answers }), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describeWith("mix")("the release of a project made by mix new --sup, once adopted", () => {
  const project = Project.fixture("plain-sup");
  const nodes: ResultPromise[] = [];
  let dns: Socket;
  let environment: Record<string, string>;

  const release = (name: string, ...command: string[]) =>
    execa(path.join(project.root, "_build/prod/rel/ledger/bin/ledger"), command, {
      env: { ...environment, RELEASE_NAME: name },
      reject: false,
      all: true,
    });

  beforeAll(async () => {
    project.adopt();
    // hex.pm can't be reached everywhere: the stand-in takes libcluster's place.
    project.write("mix.exs", withDependencies(project.read("mix.exs"), standIns));
    process.stderr.write("libcluster is the stand-in here\n");
    await execa("mix", ["release", "--quiet"], { cwd: project.root, env: { MIX_ENV: "prod" } });

    dns = await nameServer();
    project.write(
      "inetrc",
      `{resolv_conf, ""}.\n{nameserver, {127,0,0,1}, ${dns.address().port}}.\n{lookup, [dns]}.\n`,
    );
    environment = {
      ERL_EPMD_PORT: `${await freePort()}`,
      ERL_INETRC: path.join(project.root, "inetrc"),
      RELEASE_COOKIE: "for-this-test",
      RELEASE_IP: "127.0.0.1",
      CLUSTER_NODES: "ledger@ledger.organization.local,audit@audit.organization.local",
      CLUSTER_POLLING_INTERVAL: "200",
    };
  });

  afterAll(async () => {
    for (const node of nodes) node.kill("SIGTERM");
    await Promise.all(nodes);
    dns.close();
    const folder = path.join(project.root, "_build/prod/rel/ledger");
    const epmd = await execa("sh", ["-c", 'exec "$0"/erts-*/bin/epmd -kill', folder], { env: environment });
    expect(epmd.exitCode).toBe(0);
  });

  it("finds a second one by DNS, and answers bin/ledger rpc", async () => {
    nodes.push(release("ledger", "start"), release("audit", "start"));

    const seen = await eventually(async () => {
      const { stdout = "" } = await release("ledger", "rpc", "IO.inspect({node(), Node.list()})");
      return stdout.includes("audit@") && stdout;
    });
    expect(seen).toBe('{:"ledger@127.0.0.1", [:"audit@127.0.0.1"]}');

    const called = await release("audit", "rpc", ':erpc.call(:"ledger@127.0.0.1", Node, :self, []) |> IO.inspect()');
    expect(called.stdout).toBe(':"ledger@127.0.0.1"');
  });

  it("doesn't start with a malformed CLUSTER_NODES, and says what is right", async () => {
    environment = { ...environment, CLUSTER_NODES: "ledger.organization.local" };
    const { exitCode, all } = await release("wrong", "start");
    expect(exitCode).toBe(1);
    // When the logger ends before it has written its report, Erlang's own print of the error is left, with its quotes escaped.
    const text = (all ?? "").replaceAll("\\", "");
    expect(text).toContain('CLUSTER_NODES contains "ledger.organization.local", which isn\'t basename@dns-name.');
    expect(existsSync("erl_crash.dump")).toBe(false);
  });
});
