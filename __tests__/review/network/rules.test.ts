import { traffic, unknownPeer } from "../../../src/review/network/rules";
import { Unknown } from "../../../src/review/read/value";

const all = { from: 0, to: 65535 };

describe("the TCP that a rule lets through", () => {
  it.each([
    ["tcp", 4369, 4369, { ports: { from: 4369, to: 4369 }, anyProtocol: false }],
    ["TCP", 9000, 9010, { ports: { from: 9000, to: 9010 }, anyProtocol: false }],
    [6, 9000, 9010, { ports: { from: 9000, to: 9010 }, anyProtocol: false }],
    ["6", 0, 0, { ports: { from: 0, to: 0 }, anyProtocol: false }],
    // Any protocol is on any port, whatever the ports are.
    ["-1", 80, 80, { ports: all, anyProtocol: true }],
    [-1, undefined, undefined, { ports: all, anyProtocol: true }],
    ["all", 0, 0, { ports: all, anyProtocol: true }],
    ["udp", 4369, 4369, undefined],
    ["17", 4369, 4369, undefined],
    ["icmp", -1, -1, undefined],
    [undefined, 4369, 4369, { ports: all, anyProtocol: false, unsure: "its protocol isn't known before apply" }],
    ["tcp", undefined, 80, { ports: all, anyProtocol: false, unsure: "its ports aren't known before apply" }],
    ["tcp", 80, undefined, { ports: all, anyProtocol: false, unsure: "its ports aren't known before apply" }],
  ])("%s %s-%s", (protocol, from, to, expected) => {
    expect(traffic(protocol, from, to)).toEqual(expected);
  });

  it("names the groups that an unknown peer may be", () => {
    const unknown = new Unknown("a variable");
    expect(unknownPeer(unknown)).toEqual({ kind: "unknown", because: "a variable" });
    expect(unknownPeer(unknown, [])).toEqual({ kind: "unknown", because: "a variable" });
    expect(unknownPeer(unknown, ["a"])).toEqual({ kind: "unknown", because: "a variable", groups: ["a"] });
  });
});
