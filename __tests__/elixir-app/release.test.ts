import { existsSync, writeFileSync } from "node:fs";
import { execa } from "execa";
import { connect, createServer } from "node:net";
import type { Server } from "node:net";
import { join } from "node:path";
import { describeWith } from "../tool-here";
import { eventually, freePort } from "./elixir";
import { Nameserver } from "./nameserver";
import { buildRelease, ReleaseNode } from "./release";
import { type CertificateTexts, createCertificates, textsOf } from "../../src/certificates/node-certificates";
import { silentLossSeconds } from "../../src/distribution";
import { bootBound } from "../../src/lab/waiting/bounds";
import { sumOf, timersOf } from "../../src/lab/waiting/wait";
import { scratchFolder } from "../scratch";


const certificates = createCertificates("test", new Date());

const dnsName = "myapp.organization.local";

/** Whether somebody accepts connections on a port of 127.0.0.1. */
const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), resolve(true))).once("error", () => resolve(false));
  });

describeWith("elixir", "curl", "jq")("the release", () => {
  let folder: string;
  let bin: string;
  let distributionPort: number;
  let dns: Nameserver;
  let nodes: ReleaseNode[];

  beforeAll(async () => {
    folder = scratchFolder("release");
    bin = await buildRelease(folder);
  });


  beforeEach(async () => {
    nodes = [];
    distributionPort = await freePort();
    dns = await new Nameserver().start();
    writeFileSync(join(folder, "inetrc"), dns.inetrc);
  });

  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    dns.stop();
  });

  /** A task in single-port mode: every one has an address of loopback to itself, which an epmd doesn't allow. */
  async function task(number: number, variables: Record<string, string> = {}): Promise<ReleaseNode> {
    const node = await ReleaseNode.start(bin, {
      RELEASE_IP: `127.0.0.${number}`,
      DISTRIBUTION_MODE: "single-port",
      DISTRIBUTION_PORT_MIN: String(distributionPort),
      CLUSTER_NODES: `myapp@${dnsName}`,
      ERL_INETRC: join(folder, "inetrc"),
      // An adopter's own flag, which must survive: without it every node would listen on every address.
      ELIXIR_ERL_OPTIONS: `-kernel inet_dist_use_interface {127,0,0,${number}}`,
      ...variables,
    });
    nodes.push(node);
    return node;
  }

  const register = (...numbers: number[]) =>
    dns.records.set(
      dnsName,
      numbers.map((number) => `127.0.0.${number}`),
    );

  const complete = (...all: ReleaseNode[]) =>
    eventually(async () => {
      const views = await Promise.all(all.map((node) => node.cluster()));
      return views.every(({ members }) => members.length === all.length);
    });

  /** Waits until each of so many nodes must have looked so many times. */
  const polls = async (count: number, nodes: number) => {
    const before = dns.answered;
    await eventually(async () => dns.answered >= before + count * nodes);
  };

  it("clusters by DNS, and says who is there since when", async () => {
    const before = Date.now();
    register(2, 3, 4);
    const [a, b, c] = [await task(2), await task(3), await task(4)];
    await complete(a, b, c);

    const view = await a.cluster();
    expect(view).toMatchObject({
      node: "myapp@127.0.0.2",
      basename: "myapp",
      members: ["myapp@127.0.0.2", "myapp@127.0.0.3", "myapp@127.0.0.4"],
      peers: [
        { node: "myapp@127.0.0.3", basename: "myapp" },
        { node: "myapp@127.0.0.4", basename: "myapp" },
      ],
    });
    // A node's time has whole seconds.
    const since = Date.parse(view.peers[0]?.connected_since ?? "");
    expect(since).toBeGreaterThanOrEqual(before - 1000);
    expect(since).toBeLessThanOrEqual(Date.now());
    expect(a.log).toMatch(/\[info\] node up: myapp@127\.0\.0\.3/);
    expect(await a.rpc(":erpc.call(:\"myapp@127.0.0.3\", Node, :self, [])")).toBe(':"myapp@127.0.0.3"');
  });

  it("forms a cluster of each version, without a connection between two versions", async () => {
    register(2, 3, 4, 5);
    const start = (number: number, version: string) =>
      task(number, { CLUSTER_VERSION: version, CLUSTER_NODES: `myapp-${version}@${dnsName}` });
    const [a, b] = [await start(2, "1_4_1"), await start(3, "1_4_1")];
    const [c, d] = [await start(4, "1_4_2"), await start(5, "1_4_2")];
    await complete(a, b);
    await complete(c, d);
    await polls(4, 4);

    const members = "Enum.sort([node() | Node.list()])";
    expect(await a.rpc(members)).toBe('[:"myapp-1_4_1@127.0.0.2", :"myapp-1_4_1@127.0.0.3"]');
    expect(await d.rpc(members)).toBe('[:"myapp-1_4_2@127.0.0.4", :"myapp-1_4_2@127.0.0.5"]');
    for (const { log } of [a, b]) expect(log).not.toMatch(/node up: myapp-1_4_2/);
    for (const { log } of [c, d]) expect(log).not.toMatch(/node up: myapp-1_4_1/);
  });

  it("on SIGTERM leaves the cluster at once, and nobody else notices more than that", async () => {
    // GIVEN a cluster of three
    register(2, 3, 4);
    const [a, b, c] = [await task(2), await task(3), await task(4)];
    await complete(a, b, c);

    // WHEN ECS stops one
    const { exitCode, workMs } = await c.terminate();

    // THEN it ends within the default stopTimeout of 30 s
    expect(exitCode).toBe(0);
    expect(workMs).toBeLessThan(30_000);
    expect(c.log).toMatch(/SIGTERM received[^]*left the cluster: 2 disconnected/);

    // AND its peers lose it alone, although DNS names it still
    await complete(a, b);
    await polls(2, 2);
    await complete(a, b);
    for (const node of [a, b]) {
      expect(node.log.match(/node down: .*/g)).toEqual(["node down: myapp@127.0.0.4, :connection_closed (1 peer)"]);
    }
  });

  it("keeps its members while DNS names nobody; plain DNSPoll drops them all", async () => {
    for (const [discovery, members] of [
      ["dns", 2],
      ["dnspoll", 1],
    ] as const) {
      register(2, 3);
      const [a, b] = [await task(2, { CLUSTER_DISCOVERY: discovery }), await task(3, { CLUSTER_DISCOVERY: discovery })];
      await complete(a, b);
      register();
      // The answer to a poll is through once the next one comes.
      await polls(3, 2);
      if (discovery === "dnspoll") await eventually(async () => (await a.cluster()).members.length === members);
      expect((await a.cluster()).members).toHaveLength(members);
      expect(a.log.includes("node down")).toBe(discovery === "dnspoll");
      await Promise.all([a.kill(), b.kill()]);
    }
  });

  it("clusters by DNSCluster, next to services that use libcluster, and keeps its members while DNS names nobody", async () => {
    // GIVEN two nodes of a service with DNSCluster, and one of another service with libcluster
    const jobs = "jobs.organization.local";
    register(2, 3);
    dns.records.set(jobs, ["127.0.0.4"]);
    const byDnsCluster = { CLUSTER_NODES: "", DNS_CLUSTER_QUERY: `${dnsName},jobs@${jobs}` };
    const [a, b, c] = [
      await task(2, byDnsCluster),
      await task(3, byDnsCluster),
      await task(4, { RELEASE_NAME: "jobs", CLUSTER_NODES: `jobs@${jobs},myapp@${dnsName}` }),
    ];
    await complete(a, b, c);
    expect(a.log).toMatch(/myapp@127\.0\.0\.2 looks for myapp\.organization\.local, jobs@jobs\.organization\.local$/m);
    expect(await a.rpc("Node.list()")).toContain(':"jobs@127.0.0.4"');

    // WHEN DNS names nobody
    register();
    dns.records.delete(jobs);
    // DNSCluster polls every 5 s, the other service asks for two names each second: those of DNSCluster are among these.
    await polls(6, 3);

    // THEN every node keeps every other
    await complete(a, b, c);
    for (const node of [a, b, c]) expect(node.log).not.toContain("node down");
  });

  it("notices a silent peer after net_ticktime, and says why it went", async () => {
    register(2, 3);
    const [a, b] = [await task(2, { NET_TICKTIME: "4" }), await task(3, { NET_TICKTIME: "4" })];
    await complete(a, b);

    const silent = Date.now();
    b.process.kill("SIGSTOP");
    const [earliest, latest] = silentLossSeconds(4);
    // The last tick before the silence may have been a second ago.
    const bound = sumOf(timersOf({ "silent loss": latest }), bootBound(1));
    await eventually(async () => (await a.cluster()).members.length === 1, bound);

    expect((Date.now() - silent) / 1000).toBeGreaterThan(earliest - 1);
    expect(a.log).toContain("node down: myapp@127.0.0.3, :net_tick_timeout (0 peers)");
  });

  describe("a boot", () => {
    let mute: Server;

    /** A peer that accepts connections and never answers: a node that dials it waits for `net_setuptime`, 7 s. */
    beforeEach(async () => {
      // It reads what comes: else it wouldn't see the end of a connection, which would stay open.
      mute = createServer((socket) => void socket.on("error", () => undefined).resume());
      await new Promise<void>((listening) => mute.listen(distributionPort, "127.0.0.9", listening));
    });

    afterEach(() => mute.close());

    const bootStatus = (node: ReleaseNode) => node.rpc(":init.get_status()");

    it("is not longer because of a peer that never answers", async () => {
      register(2, 9);
      const node = await (await task(2)).healthy();
      // While it waited for the peer or the server, for 7 s, it would be starting still.
      expect(await bootStatus(node)).toBe("{:started, :started}");
    });

    it("is not longer because of a DNS server that never answers", async () => {
      dns.silent = true;
      const node = await (await task(2)).healthy();
      // While it waited for the peer or the server, for 7 s, it would be starting still.
      expect(await bootStatus(node)).toBe("{:started, :started}");
    });

    it("with plain DNSPoll waits for that peer before it serves", async () => {
      register(2, 9);
      const node = await task(2, { CLUSTER_DISCOVERY: "dnspoll" });
      await eventually(async () => dns.answered > 0);
      await expect(node.get("/health")).rejects.toThrow("fetch failed");
      // It still waits, for 7 s in all.
      expect(await bootStatus(node)).toMatch(/^\{:starting, /);
      await node.healthy();
    });

    it.each([
      [{ CLUSTER_NODES: "myapp" }, /^ERROR: CLUSTER_NODES contains "myapp", which isn't basename@dns-name\. For example: .*$/m],
      [{ CLUSTER_DISCOVERY: "stock" }, /^ERROR: CLUSTER_DISCOVERY is "stock"; it must be dns, dnspoll, dns_cluster or none\. For example: .*$/m],
      [{ PORT: "http" }, /^ERROR: PORT is "http"; it must be a TCP port, 1 to 65535\. For example: PORT=4000$/m],
    ])("ends at %p with one line that shows a right value", async (variables, message) => {
      const node = await task(2, variables as Record<string, string>);
      const { exitCode } = await node.process;
      expect(exitCode).toBe(1);
      expect(node.log).toMatch(message);
      expect(node.log.trim().split("\n")).toHaveLength(1);
    });
  });

  describe("the cookie", () => {
    it("isn't in the release: without RELEASE_COOKIE a node ends with one line", async () => {
      expect(existsSync(join(bin, "../../releases/COOKIE"))).toBe(false);
      const node = await task(2, { RELEASE_COOKIE: "" });
      const { exitCode } = await node.process;
      expect({ exitCode, log: node.log.trim() }).toEqual({
        exitCode: 1,
        log: expect.stringMatching(/^ERROR: RELEASE_COOKIE is not set; .*$/) as string,
      });
    });

    it("isn't needed by eval and version, such as a migration before the start", async () => {
      const node = await task(2, { RELEASE_COOKIE: "" });
      await node.process;
      expect((await node.run("eval", "IO.puts(1 + 1)")).stdout).toBe("2");
      expect((await node.run("version")).stdout).toBe("myapp 0.1.0");
    });

    it.each(["a\"b'c$HOME `d` #e", "x".repeat(255), "äöü"])("may be %s: two nodes cluster with it, and rpc answers", async (cookie) => {
      register(2, 3);
      const [a, b] = [await task(2, { RELEASE_COOKIE: cookie }), await task(3, { RELEASE_COOKIE: cookie })];
      await complete(a, b);
      expect(await a.rpc("length(Node.list())")).toBe("1");
    });
  });

  describe("over TLS", () => {
    const encrypted = ({ nodes }: CertificateTexts) => ({ DISTRIBUTION_MODE: "tls", DISTRIBUTION_CERTIFICATES: nodes });
    const refusals = /bad_cert|unknown_ca|Unknown CA|Handshake Failure|certificate_required|Certificate required/i;

    it("two nodes cluster, and none with the cookie alone or with a certificate of another authority joins them", async () => {
      const own = textsOf(await certificates);
      register(2, 3, 4, 5);
      const [a, b] = [await task(2, encrypted(own)), await task(3, encrypted(own))];
      const plain = await task(4);
      const foreign = await task(5, encrypted(textsOf(await createCertificates("other", new Date()))));
      await eventually(async () => (await a.cluster()).members.length === 2 && (await b.cluster()).members.length === 2);
      await Promise.all([plain.healthy(), foreign.healthy()]);
      // Each has tried, without success.
      await eventually(async () => [a, b].some(({ log }) => refusals.test(log)) && refusals.test(foreign.log));
      await polls(3, 4);
      const members = await Promise.all([a, b, plain, foreign].map(async (node) => (await node.cluster()).members.length));
      expect(members).toEqual([2, 2, 1, 1]);
      expect(await a.rpc("System.get_env(\"DISTRIBUTION_CERTIFICATES\")")).toBe("nil");
    });
  });

  describe.each([
    ["epmd", {}],
    ["single-port", { DISTRIBUTION_MODE: "single-port" }],
    ["tls", { DISTRIBUTION_MODE: "tls" }],
  ])("inside a task in %s mode", (mode, variables) => {
    let node: ReleaseNode;
    let epmdPort: number;

    beforeEach(async () => {
      epmdPort = await freePort();
      node = await ReleaseNode.start(bin, {
        RELEASE_IP: "127.0.0.1",
        RELEASE_NAME: `app${process.pid}`,
        DISTRIBUTION_PORT_MIN: String(distributionPort),
        DISTRIBUTION_PORT_MAX: String(distributionPort),
        ERL_EPMD_PORT: String(epmdPort),
        DISTRIBUTION_CERTIFICATES: textsOf(await certificates).nodes,
        ...variables,
      });
      nodes.push(node);
      await node.healthy();
    });

    // The node's own epmd outlives it; it goes when no node is registered any more.
    afterEach(async () => {
      await node.kill();
      if (mode !== "epmd") return;
      await eventually(async () => {
        await execa("epmd", ["-port", String(epmdPort), "-kill"], { reject: false });
        return !(await listens(epmdPort));
      });
    });

    it("rpc, pid, eval and version answer", async () => {
      expect(await node.rpc("Node.self()")).toBe(`:"app${process.pid}@127.0.0.1"`);
      expect((await node.run("pid")).stdout).toBe(String(node.process.pid));
      expect((await node.run("eval", "IO.puts(1 + 1)")).stdout).toBe("2");
      expect((await node.run("version")).stdout).toBe(`app${process.pid} 0.1.0`);
    });

    it("the node listens on the port it is given, and starts epmd in epmd mode only", async () => {
      expect(await listens(distributionPort)).toBe(true);
      expect(await listens(epmdPort)).toBe(mode === "epmd");
    });

    it("a remote shell runs in the node", async () => {
      const screen = await node.remote(`IO.puts("from #{Node.self()}")`, `from app${process.pid}`);
      expect(screen).toContain(`from app${process.pid}@127.0.0.1`);
    });

    it("stop ends it in order", async () => {
      await node.run("stop");
      expect((await node.process).exitCode).toBe(0);
      expect(node.log).toContain("left the cluster: 0 disconnected");
    });
  });
});
