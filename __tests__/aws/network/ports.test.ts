import fc from "fast-check";
import {
  everyPort,
  isTcp,
  merged,
  overlaps,
  type PortRange,
  rulePorts,
  shared,
  showPorts,
  without,
} from "../../../src/aws/network/ports";

const range = fc
  .tuple(fc.integer({ min: 0, max: 65535 }), fc.integer({ min: 0, max: 65535 }))
  .map(([a, b]): PortRange => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const ranges = fc.array(range, { maxLength: 8 });
const holds = (all: readonly PortRange[], port: number) => all.some(({ from, to }) => from <= port && port <= to);
/** Ports at which something may change: the ends of ranges and their neighbours. */
const edges = (all: readonly PortRange[]) =>
  [0, 65535, ...all.flatMap(({ from, to }) => [from - 1, from, to, to + 1])].filter(
    (port) => 0 <= port && port <= 65535,
  );

describe("port ranges", () => {
  it("merge into the same ports, in ascending order, with a gap between each two", () => {
    fc.assert(
      fc.property(ranges, (all) => {
        const result = merged(all);
        expect(edges(all).filter((port) => holds(result, port) !== holds(all, port))).toEqual([]);
        expect(result.slice(1).filter(({ from }, index) => from <= result[index]!.to + 1)).toEqual([]);
      }),
    );
  });

  it("leave the exact complement: each port is in one of the two and never in both", () => {
    fc.assert(
      fc.property(ranges, (all) => {
        const rest = without(everyPort, all);
        expect(edges([...all, ...rest]).filter((port) => holds(rest, port) === holds(all, port))).toEqual([]);
        expect(rest.filter(({ from, to }) => from > to)).toEqual([]);
      }),
    );
  });

  it("leave of one range what none of the others has", () => {
    fc.assert(
      fc.property(range, ranges, (one, others) => {
        const rest = without(one, others);
        const wanted = (port: number) => holds([one], port) && !holds(others, port);
        expect(edges([one, ...others]).filter((port) => holds(rest, port) !== wanted(port))).toEqual([]);
      }),
    );
  });

  it("overlap where they share a port", () => {
    fc.assert(
      fc.property(range, range, (one, other) => {
        const both = shared(one, other);
        expect(overlaps(one, other)).toBe(both !== undefined);
        const wanted = (port: number) => holds([one], port) && holds([other], port);
        expect(edges([one, other]).filter((port) => holds(both ? [both] : [], port) !== wanted(port))).toEqual([]);
      }),
    );
  });
});

describe("the ports of a rule", () => {
  it.each([
    ["tcp", 80, 90, { from: 80, to: 90 }],
    ["tcp", 80, undefined, { from: 80, to: 80 }],
    ["tcp", 0, 0, { from: 0, to: 0 }],
    ["tcp", -1, -1, everyPort],
    ["udp", undefined, undefined, everyPort],
    ["-1", 80, 90, everyPort],
    ["all", 80, 90, everyPort],
  ])("of protocol %s from %s to %s", (protocol, from, to, ports) => {
    expect(rulePorts(protocol, from, to)).toEqual(ports);
  });

  it.each([
    ["tcp", true],
    ["TCP", true],
    ["6", true],
    ["-1", true],
    ["all", true],
    ["udp", false],
    ["17", false],
    ["icmp", false],
  ])("are TCP ports for %s: %s", (protocol, tcp) => {
    expect(isTcp(protocol)).toBe(tcp);
  });

  it.each([
    [{ from: 4369, to: 4369 }, "4369"],
    [{ from: 9000, to: 9010 }, "9000–9010"],
  ])("read %j as %s", (ports, text) => {
    expect(showPorts(ports)).toBe(text);
  });
});
