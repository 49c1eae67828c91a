import fc from "fast-check";
import { isWithin } from "../../../../../src/aws/network/ipv4";
import { decide, type Packet } from "../../../security-group-model";
import { addresses, groupIds, groups, outside, port } from "../../../security-groups-at-random";
import {
  compileRuleset,
  type RouterInterface,
  type Ruleset,
} from "../../../../../src/lab/data-plane/vpc/network/ruleset";

const interfaces = fc
  .tuple(...addresses.map(() => fc.uniqueArray(fc.constantFrom(...groupIds), { minLength: 1, maxLength: 3 })))
  .map((all) =>
    all.map((ids, at): RouterInterface => ({ name: `eni${at}`, address: addresses[at] ?? "", groupIds: ids })),
  );
const packet = fc
  .tuple(fc.constantFrom(...addresses), fc.constantFrom(...addresses, ...outside), fc.constantFrom(1, 6, 17, 47), port)
  .chain(([source, destination, protocol, number]) =>
    fc.constantFrom(0, 3, 8).map((type): Packet => {
      if (protocol === 1) return { source, destination, protocol, icmp: { type, code: type === 3 ? 4 : 0 } };
      return protocol === 47 ? { source, destination, protocol } : { source, destination, protocol, port: number };
    }),
  );

/** What nftables would do: reads the lines themselves, so that what is read is what nftables gets. */
class Interpreter {
  readonly counted: string[] = [];

  constructor(
    private readonly ruleset: Ruleset,
    private readonly packet: Packet,
    private readonly from: string,
    private readonly to: string,
  ) {}

  /** Verdict of a chain, `undefined` when it came to its end. */
  run(chain: string): string | undefined {
    if (/^(accepted|denied_)/.test(chain)) return chain;
    for (const line of this.ruleset.chains.get(chain) ?? []) {
      const verdict = this.line(line);
      if (verdict) return verdict;
    }
    return undefined;
  }

  private line(line: string): string | undefined {
    const vmap = /^(iifname|oifname) vmap \{ (.*) \}$/.exec(line);
    if (vmap) {
      const name = vmap[1] === "iifname" ? this.from : this.to;
      const chain = new RegExp(`"${name}" : goto (\\w+)`).exec(vmap[2] ?? "")?.[1];
      return chain && (this.run(chain) ?? "end");
    }
    const words = line.split(" ");
    for (let word = words.shift(); word !== undefined; word = words.shift()) {
      switch (word) {
        case "oifname":
          if (words.shift() !== `"${this.to}"`) return undefined;
          break;
        case "ip":
          if (!this.address(words.shift() ?? "", words.shift() ?? "")) return undefined;
          break;
        case "meta":
          words.shift();
          if (words.shift() !== String(this.packet.protocol)) return undefined;
          break;
        case "tcp":
        case "udp": {
          words.shift();
          const [first = "", last = first] = (words.shift() ?? "").split("-");
          const { protocol, port: asked = -1 } = this.packet;
          if (protocol !== (word === "tcp" ? 6 : 17) || asked < Number(first) || asked > Number(last)) return undefined;
          break;
        }
        case "icmp":
          if (this.packet.icmp?.[words.shift() as "type" | "code"] !== Number(words.shift())) return undefined;
          break;
        case "counter":
          words.shift();
          this.counted.push(words.shift() ?? "");
          break;
        case "goto":
          return this.run(words.shift() ?? "") ?? "end";
        case "jump":
          return this.run(words.shift() ?? "");
        case "drop":
          return "drop";
        default:
          throw new Error(`not understood: ${word} in "${line}"`);
      }
    }
    return undefined;
  }

  private address(field: string, value: string): boolean {
    const address = field === "saddr" ? this.packet.source : this.packet.destination;
    if (value.startsWith("@")) return this.ruleset.sets.get(value.slice(1))?.includes(address) ?? false;
    return isWithin(address, value);
  }
}

it("compiles security groups to rules whose verdict on any packet is the plain evaluator's, counted by the same rules", () => {
  fc.assert(
    fc.property(groups, interfaces, packet, (all, enis, asked) => {
      fc.pre(asked.source !== asked.destination);
      // GIVEN
      const ruleset = compileRuleset(all, enis, ({ rule }) => rule.id);
      const nameOf = (address: string) => enis.find((eni) => eni.address === address)?.name ?? "outside";
      // WHEN
      const interpreter = new Interpreter(ruleset, asked, nameOf(asked.source), nameOf(asked.destination));
      const verdict = interpreter.run("sender");
      const expected = decide(asked, all, (address) => enis.find((eni) => eni.address === address)?.groupIds);
      // THEN
      if (expected.passes) {
        expect(verdict).toBe("accepted");
        expect(interpreter.counted).toEqual([expected.egressRule, expected.ingressRule].filter(Boolean));
      } else expect(verdict).toBe(`denied_${expected.hop}`);
    }),
    { numRuns: 3000 },
  );
});

it("gives a group that refers to itself its members, and one that does not exist none", () => {
  // GIVEN
  const self = { id: "sgr-self", protocol: "tcp", fromPort: 4369, toPort: 4369, peer: { group: "sg-a" } };
  const gone = { id: "sgr-gone", protocol: "-1", peer: { group: "sg-gone" } };
  // WHEN
  const { sets, chains } = compileRuleset(
    [{ id: "sg-a", ingress: [self, gone], egress: [] }],
    [{ name: "eni1", address: "10.0.1.10", groupIds: ["sg-a"] }],
    ({ rule }) => rule.id,
  );
  // THEN
  expect([...sets.values()]).toEqual([["10.0.1.10"], []]);
  expect(chains.get("group_0_ingress")).toEqual([
    "ip saddr @members_0 tcp dport 4369 counter name sgr-self goto accepted",
    "ip saddr @members_1 counter name sgr-gone goto accepted",
  ]);
});

it("refuses a protocol that no rule of EC2 has", () => {
  const rule = { id: "sgr-1", protocol: "sctp!", peer: { cidr4: "0.0.0.0/0" } };
  expect(() => compileRuleset([{ id: "sg-a", ingress: [rule], egress: [] }], [], () => "c")).toThrow(
    `"sctp!" isn't a protocol of a security-group rule: tcp, udp, icmp, icmpv6, -1 or 0 to 255.`,
  );
});
