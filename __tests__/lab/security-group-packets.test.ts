import fc from "fast-check";
import type { Container, TaskRuntime } from "../../src/lab/data-plane/data-plane";
import { startTaskRuntime } from "../../src/lab/data-plane/runtime";
import { describeWithSandbox, runTask, taskAt } from "./sandbox-here";
import { decide } from "./security-group-model";
import { groups } from "./security-groups-at-random";
import { slowness } from "../../src/lab/waiting/machine";
import { notEmpty } from "../not-empty";

/** Interfaces with one group and with several. */
const tasks = [
  { host: 10, ids: ["sg-a"] },
  { host: 11, ids: ["sg-b"] },
  { host: 12, ids: ["sg-c", "sg-a"] },
];
const ports = [1, 4369, 9005, 9011];
const seed = 20_240;

const groupsOf = (address: string) => tasks.find(({ host }) => address === `10.0.1.${host}`)?.ids;

/** From each task to each port of each other, over TCP and UDP. */
const packets = tasks.flatMap(({ host: from }) =>
  tasks
    .filter(({ host }) => host !== from)
    .flatMap(({ host: to }) =>
      [6, 17].flatMap((protocol) =>
        ports.map((port) => ({ source: `10.0.1.${from}`, destination: `10.0.1.${to}`, protocol, port })),
      ),
    ),
);

/** Random models of which some packets pass and some are dropped at either hop: most others drop nearly all. */
const samples = fc
  .sample(groups, { seed, numRuns: 2000 })
  .filter((model) => {
    const verdicts = packets.map((packet) => decide(packet, model, groupsOf));
    const passing = verdicts.filter(({ passes }) => passes).length;
    const hops = new Set(verdicts.map((verdict) => (verdict.passes ? "none" : verdict.hop)));
    return passing >= 12 && passing <= 36 && hops.size === 3;
  })
  .slice(0, 8)
  .map((model, at) => [at, model] as const);

/** Sends every UDP packet back. A refusal by ICMP would do, but the kernel limits how many of those it sends a second. */
const echo = `
const { createSocket } = require("node:dgram");
const ports = ${JSON.stringify(ports)};
let bound = 0;
for (const port of ports) {
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => socket.send(message, from.port, from.address));
  socket.bind(port, () => ++bound === ports.length && console.log("listening"));
}`;

/**
 * Sends the first packet to each port of each address, over TCP and UDP. No one listens over TCP: a packet that arrives is
 * answered by a refusal. One that does not is answered by silence, for so many milliseconds.
 */
const probe = `
const { connect } = require("node:net");
const { createSocket } = require("node:dgram");
const answered = (socket) => new Promise((resolve) => {
  setTimeout(() => resolve(false), Number(process.argv[2]));
  socket.on("message", () => resolve(true));
  socket.on("error", (error) => resolve(error.code === "ECONNREFUSED"));
});
const tries = JSON.parse(process.argv[1]).map(({ protocol, host, port }) => {
  if (protocol === 6) return answered(connect(port, host));
  const socket = createSocket("udp4");
  socket.send("x", port, host);
  return answered(socket);
});
Promise.all(tries).then((all) => { console.log(JSON.stringify(all)); process.exit(0); });`;

describeWithSandbox("security groups on real packets", () => {
  let runtime: TaskRuntime;
  const containers = new Map<string, Container>();

  beforeAll(async () => {
    runtime = await startTaskRuntime({ vpcCidrs: ["10.0.0.0/16"], region: "eu-west-1" });
    for (const { host, ids } of tasks) {
      const { container } = await runTask(runtime, taskAt(host, ids), [process.execPath, "-e", echo]);
      while (!container.log().includes("listening")) await new Promise((resolve) => setTimeout(resolve, 20));
      containers.set(`10.0.1.${host}`, container);
    }
  });
  afterAll(() => runtime.close());

  it("has samples to try", () => expect(samples).toHaveLength(8));

  it.each(samples)(
    `nftables' verdict is the plain evaluator's, packet by packet (seed ${seed}, sample %i)`,
    async (_, model) => {
      // GIVEN
      await runtime.applySecurityGroups(model);
      const asked = [...containers.keys()].map((source) => ({
        source,
        packets: packets.filter((packet) => packet.source === source),
      }));
      // WHEN
      const seen = await Promise.all(
        asked.map(async ({ source, packets }) => {
          const list = packets.map(({ destination, ...packet }) => ({ ...packet, host: destination }));
          const result = await containers
            .get(source)
            ?.exec([process.execPath, "-e", probe, JSON.stringify(list), String(700 * slowness())]);
          const passed = JSON.parse(result?.stdout ?? "") as boolean[];
          return packets.map((packet, at) => ({ ...packet, passes: passed[at] }));
        }),
      );
      // THEN
      const verdicts = asked.map(({ packets }) =>
        packets.map((packet) => ({ packet, verdict: decide(packet, model, groupsOf) })),
      );
      expect(seen.flat()).toEqual(
        verdicts.flat().map(({ packet, verdict }) => ({ ...packet, passes: verdict.passes })),
      );
      // AND each rule has counted the packets that it let pass
      const used = verdicts
        .flat()
        .flatMap(({ verdict }) => (verdict.passes ? [verdict.egressRule, verdict.ingressRule] : []));
      const { rules, denied } = await runtime.counters();
      expect(rules.filter(({ ruleId }) => used.includes(ruleId)).every(({ packets }) => packets > 0)).toBe(true);
      // AND what was dropped is counted at the hop where it was
      const keys = denied.map(({ direction, source, destination, protocol, port }) =>
        [direction, source, destination, protocol, port].join(" "),
      );
      for (const { packet, verdict } of notEmpty(verdicts.flat())) {
        const { source, destination, protocol, port } = packet;
        const name = protocol === 6 ? "tcp" : "udp";
        if (!verdict.passes) expect(keys).toContain([verdict.hop, source, destination, name, port].join(" "));
      }
    },
  );
});
