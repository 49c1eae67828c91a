import type { IncomingMessage } from "node:http";
import https from "node:https";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type {
  ListenerSpec,
  LoadBalancerSpec,
  SecurityGroup,
  TargetSpec,
  TaskRuntime,
} from "../../../../src/lab/data-plane/data-plane";
import { startTaskRuntime } from "../../../../src/lab/data-plane/runtime";
import { bootBound } from "../../../../src/lab/waiting/bounds";
import { describeWait, waitFor } from "../../../../src/lab/waiting/wait";
import { describeWith } from "../../../tool-here";
import { describeWithSandbox, runTask, taskAt } from "../../sandbox-here";

const everybody = { cidr4: "0.0.0.0/0" };

/** The world may reach the balancer at 80 and 443, and the balancer the tasks at 4000. */
const groups: readonly SecurityGroup[] = [
  {
    id: "sg-balancer",
    ingress: [80, 443].map((port) => ({
      id: `in-${port}`,
      protocol: "tcp",
      fromPort: port,
      toPort: port,
      peer: everybody,
    })),
    egress: [{ id: "to-tasks", protocol: "tcp", fromPort: 4000, toPort: 4001, peer: { group: "sg-tasks" } }],
  },
  {
    id: "sg-tasks",
    ingress: [{ id: "from-balancer", protocol: "tcp", fromPort: 4000, toPort: 4001, peer: { group: "sg-balancer" } }],
    egress: [],
  },
];

const http: ListenerSpec = {
  port: 80,
  protocol: "HTTP",
  names: [],
  rules: [
    { hosts: ["shop.example.com"], paths: ["/api/*"], action: { forward: "shop" } },
    { hosts: ["*.example.org"], action: { fixedResponse: { status: 410, body: "it's gone" } } },
  ],
  defaultAction: {
    redirect: { status: 301, protocol: "HTTPS", host: "#{host}", port: "443", path: "/#{path}", query: "#{query}" },
  },
};
const tls: ListenerSpec = {
  port: 443,
  protocol: "HTTPS",
  names: ["shop.example.com"],
  rules: [{ hosts: ["shop.example.com"], action: { forward: "shop" } }],
  defaultAction: { fixedResponse: { status: 404 } },
};

const balancer = (targets: readonly TargetSpec[], listeners = [http, tls]): LoadBalancerSpec => ({
  id: "lb",
  address: "10.0.9.10",
  subnetCidr: "10.0.9.0/24",
  securityGroupIds: ["sg-balancer"],
  internetFacing: true,
  idleTimeoutSeconds: 60,
  listeners,
  targetGroups: [{ id: "shop", protocol: "HTTP", algorithm: "round_robin", targets }],
});

/** Answers with its own name and what the balancer told it; keeps `/api/hold` until `/api/release` comes. */
const application = (name: string) => `
const held = [];
require("node:http").createServer((request, response) => {
  if (request.url === "/api/hold") return held.push(response);
  if (request.url === "/api/release") for (const each of held.splice(0)) each.end("held by ${name}");
  const { host, "x-forwarded-for": from, "x-forwarded-proto": protocol, "x-forwarded-port": port } = request.headers;
  response.end(["${name}", host, from, protocol, port].join(" "));
}).listen(4000, "0.0.0.0", () => console.log("listening"));`;

/** The rules' example: an application at a task, and its target. */
const target = (host: number, receives = true): TargetSpec => ({ address: `10.0.1.${host}`, port: 4000, receives });

/** A request over a connection of its own: status, location and body. */
async function ask(port: number, path: string, host: string) {
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  return answerOn(socket);
}

async function answerOn(socket: Socket) {
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, "close");
  const [head = "", ...body] = text.split("\r\n\r\n");
  return {
    status: Number(/^HTTP\/1.1 (\d+)/.exec(head)?.[1]),
    location: /^location: (.*)$/im.exec(head)?.[1],
    body: body
      .join("\r\n\r\n")
      .replace(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/g, "")
      .trim(),
  };
}

describeWith("haproxy", "openssl")("HAProxy", () =>
  describeWithSandbox("a load balancer on this machine", () => {
    let runtime: TaskRuntime;
    let ports: { http: number; tls: number };

    beforeAll(async () => {
      runtime = await startTaskRuntime({ vpcCidrs: ["10.0.0.0/16"], region: "eu-west-1" });
      await runtime.applySecurityGroups(groups);
      for (const host of [11, 12]) {
        const command = [process.execPath, "-e", application(`task${host}`)];
        const { container } = await runTask(runtime, taskAt(host, ["sg-tasks"]), command);
        const listening = await waitFor(() => container.log().includes("listening"), bootBound(1));
        if (!listening.value) throw new Error(`No application ${describeWait(listening)}\n${container.log()}`);
      }
      await runtime.applyLoadBalancers([balancer([target(11), target(12)])]);
      const forwarded = [80, 443].map(async (port) => (await runtime.forwardToLoadBalancer("lb", port)).port);
      const [plain, encrypted] = await Promise.all(forwarded);
      ports = { http: plain!, tls: encrypted! };
    });
    beforeEach(() => runtime.applyLoadBalancers([balancer([target(11), target(12)])]));
    afterAll(() => runtime.close());

    it("forwards what a rule's host and path match, to its targets by turns, and tells them of the client", async () => {
      const answers = [];
      for (let n = 0; n < 4; n += 1) answers.push(await ask(ports.http, "/api/x", "SHOP.example.com:80"));
      expect(answers.map(({ body }) => body.split(" ")[0]).sort()).toEqual(["task11", "task11", "task12", "task12"]);
      expect(answers[0]!.body).toMatch(/ SHOP\.example\.com:80 198\.51\.100\.10 http 80$/);
    });

    it.each([
      ["/x", "shop.example.com", { status: 301, location: "https://shop.example.com:443/x" }],
      ["/x?a=1&b", "shop.example.com:8080", { status: 301, location: "https://shop.example.com:443/x?a=1&b" }],
      ["/api", "shop.example.com", { status: 301 }],
      ["/api/x", "a.example.org", { status: 410, body: "it's gone" }],
      ["/", "example.org", { status: 301 }],
      ["/", "aXexample.org", { status: 301 }],
    ])("does with %s of %s what the first rule says that matches", async (path, host, expected) => {
      expect(await ask(ports.http, path, host)).toMatchObject(expected);
    });

    it("speaks TLS with a certificate for its names, and takes a name below localhost for the name", async () => {
      const host = "shop.example.com.localhost";
      const request = https.get({
        port: ports.tls,
        host: "127.0.0.1",
        servername: host,
        headers: { host },
        rejectUnauthorized: false,
      });
      const [response] = (await once(request, "response")) as [IncomingMessage];
      const { subjectaltname } = (response.socket as TLSSocket).getPeerCertificate();
      let body = "";
      for await (const chunk of response) body += String(chunk);
      expect(body).toMatch(/^task1\d shop\.example\.com 198\.51\.100\.10 https 443$/);
      expect(subjectaltname).toContain("DNS:shop.example.com,");
    });

    it("sends nothing new to a target that drains, and lets what it has begun go on", async () => {
      const holding = connect(ports.http, "127.0.0.1");
      holding.write("GET /api/hold HTTP/1.1\r\nhost: shop.example.com\r\nconnection: close\r\n\r\n");
      const held = answerOn(holding);
      // Round robin: whichever holds it, both have been asked after two more.
      await ask(ports.http, "/api/x", "shop.example.com");
      await runtime.applyLoadBalancers([balancer([target(11, false), target(12)])]);
      const asked = [];
      for (let n = 0; n < 4; n += 1)
        asked.push((await ask(ports.http, "/api/x", "shop.example.com")).body.split(" ")[0]);
      expect(asked).toEqual(["task12", "task12", "task12", "task12"]);
      await runtime.applyLoadBalancers([balancer([target(11), target(12)])]);
      for (let n = 0; n < 2; n += 1) await ask(ports.http, "/api/release", "shop.example.com");
      expect((await held).body).toMatch(/^held by task1[12]$/);
    });

    it("keeps open connections when its listeners change", async () => {
      const holding = connect(ports.http, "127.0.0.1");
      holding.write("GET /api/hold HTTP/1.1\r\nhost: shop.example.com\r\nconnection: close\r\n\r\n");
      const held = answerOn(holding);
      await ask(ports.http, "/api/x", "shop.example.com");
      const other = { ...http, rules: [{ paths: ["/*"], action: { forward: "shop" } }] };
      await runtime.applyLoadBalancers([balancer([target(11), target(12)], [other, tls])]);
      expect((await ask(ports.http, "/x", "other")).status).toBe(200);
      for (let n = 0; n < 2; n += 1) await ask(ports.http, "/api/release", "any");
      expect((await held).body).toMatch(/^held by task1[12]$/);
    });

    it("answers 503 without targets, and 502 for one that it can't reach", async () => {
      await runtime.applyLoadBalancers([balancer([])]);
      expect((await ask(ports.http, "/api/x", "shop.example.com")).status).toBe(503);
      await runtime.applyLoadBalancers([balancer([{ ...target(11), port: 4001 }])]);
      expect((await ask(ports.http, "/api/x", "shop.example.com")).status).toBe(502);
    });

    it("checks targets through the security groups of both", async () => {
      const check = {
        address: "10.0.1.11",
        port: 4000,
        protocol: "HTTP",
        path: "/health",
        timeoutSeconds: 0.2,
      } as const;
      expect(await runtime.checkTarget("lb", check)).toEqual({ status: 200 });
      expect(await runtime.checkTarget("lb", { ...check, address: "10.0.1.99" })).toEqual({ failure: "timeout" });
      await runtime.applySecurityGroups([{ ...groups[0]!, egress: [] }, groups[1]!]);
      expect(await runtime.checkTarget("lb", check)).toEqual({ failure: "timeout" });
      await runtime.applySecurityGroups(groups);
      expect(await runtime.checkTarget("lb", check)).toEqual({ status: 200 });
    });

    it("lets clients in that its security group allows", async () => {
      await runtime.applySecurityGroups([{ ...groups[0]!, ingress: [groups[0]!.ingress[1]!] }, groups[1]!]);
      const refused = connect(ports.http, "127.0.0.1");
      refused.write("GET / HTTP/1.1\r\nhost: a.example.org\r\nconnection: close\r\n\r\n");
      let answered = false;
      refused.on("data", () => (answered = true)).on("error", () => undefined);
      const denied = await waitFor(async () => {
        const { denied: all } = await runtime.counters();
        return all.find(({ destination, port }) => destination === "10.0.9.10" && port === 80);
      }, bootBound(1));
      expect(denied.value).toMatchObject({ source: "198.51.100.10", direction: "ingress" });
      expect(answered).toBe(false);
      refused.destroy();
      await runtime.applySecurityGroups(groups);
    });
  }),
);
