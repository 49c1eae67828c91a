import type { DeniedCounter, PacketCounters, RuleCounter, SecurityGroup } from "../../data-plane";
import { command } from "../command";
import { countIn, flowSet, readTable } from "./counted-flows";
import { compileRuleset, type CountedRule, type RouterInterface } from "./ruleset";

/**
 * The rules around the compiled groups: open connections pass, everything else starts at its sender's groups. The
 * drop is a line of its own: a counting set that is full ends the line, not the packet.
 */
const frame = `
add table ip vpc
${["flows", "denied_ingress", "denied_egress"].map((name) => flowSet("vpc", name)).join("\n")}
add chain ip vpc accepted
add rule ip vpc accepted ${countIn("flows")}
add rule ip vpc accepted accept
${["ingress", "egress"]
  .map(
    (direction) =>
      `add chain ip vpc denied_${direction}
add rule ip vpc denied_${direction} ${countIn(`denied_${direction}`)}
add rule ip vpc denied_${direction} drop`,
  )
  .join("\n")}
add chain ip vpc sender
add chain ip vpc forward { type filter hook forward priority 0; policy drop; }
add rule ip vpc forward ct state established,related ct direction original goto accepted
add rule ip vpc forward ct state established,related accept
add rule ip vpc forward ct state invalid drop
add rule ip vpc forward goto sender
`;

/** The security groups of a VPC in its router: nftables' tables, kept at what was declared last. */
export class Firewall {
  private groups: readonly SecurityGroup[] = [];
  private readonly interfaces = new Map<string, RouterInterface>();
  private readonly rules = new Map<string, { name: string; counted: CountedRule }>();
  private counted = 0;
  private installed = new Set<string>();
  private turn: Promise<void> = Promise.resolve();
  private waiting: Promise<void> | undefined;

  static async open(): Promise<Firewall> {
    await command("nft", ["-f", "-"], frame);
    return new Firewall();
  }

  /** @throws Error when nftables refuses a rule; what was declared before then stays. */
  async apply(groups: readonly SecurityGroup[]): Promise<void> {
    const before = this.groups;
    this.groups = groups;
    try {
      await this.install();
    } catch (error) {
      this.groups = before;
      throw error;
    }
  }

  attach(...added: readonly RouterInterface[]): Promise<void> {
    for (const each of added) this.interfaces.set(each.name, each);
    return this.install();
  }

  detach(name: string): Promise<void> {
    this.interfaces.delete(name);
    return this.install();
  }

  /** Installs what is declared when its turn comes: calls that wait for the same turn share it. */
  private install(): Promise<void> {
    this.waiting ??= this.turn
      .catch(() => undefined)
      .then(async () => {
        this.waiting = undefined;
        const { text, objects } = this.script();
        await command("nft", ["-f", "-"], text);
        this.installed = objects;
      });
    this.turn = this.waiting;
    return this.waiting;
  }

  /** One transaction from what is installed to what is declared. */
  private script(): { text: string; objects: Set<string> } {
    const inUse = new Set<string>();
    const ruleset = compileRuleset(this.groups, [...this.interfaces.values()], (counted) => {
      const name = this.counterOf(counted);
      inUse.add(name);
      return name;
    });
    for (const [key, { name }] of this.rules) if (!inUse.has(name)) this.rules.delete(key);

    const objects = new Set<string>();
    const lines: string[] = [];
    const declare = (kind: string, name: string, body = "") => {
      const object = `${kind} ip vpc ${name}`;
      objects.add(object);
      if (!this.installed.has(object)) lines.push(`add ${object}${body}`);
      else if (kind !== "counter") lines.push(`flush ${object}`);
    };
    for (const name of new Set(ruleset.counters)) declare("counter", name);
    for (const name of ruleset.sets.keys()) declare("set", name, " { type ipv4_addr; }");
    for (const name of ruleset.chains.keys()) declare("chain", name);
    const stale = [...this.installed].filter((object) => !objects.has(object));
    lines.push(...stale.filter((object) => object.startsWith("chain")).map((object) => `flush ${object}`));
    for (const [name, members] of ruleset.sets) {
      if (members.length > 0) lines.push(`add element ip vpc ${name} { ${members.join(", ")} }`);
    }
    for (const [name, rules] of ruleset.chains) lines.push(...rules.map((rule) => `add rule ip vpc ${name} ${rule}`));
    lines.push(...stale.map((object) => `delete ${object}`));
    return { text: `${lines.join("\n")}\n`, objects };
  }

  /** A rule keeps its counter while it stays what it is. */
  private counterOf(counted: CountedRule): string {
    const key = JSON.stringify(counted);
    const known = this.rules.get(key);
    if (known) return known.name;
    const name = `rule_${++this.counted}`;
    this.rules.set(key, { name, counted });
    return name;
  }

  async counters(): Promise<PacketCounters> {
    const { counters: packets, flowsOf } = await readTable("vpc");
    const rules = [...this.rules.values()].map(({ name, counted }): RuleCounter => ({
      groupId: counted.groupId,
      ruleId: counted.rule.id,
      direction: counted.direction,
      packets: packets.get(name) ?? 0,
    }));
    const denied = (["egress", "ingress"] as const).flatMap((direction) =>
      flowsOf(`denied_${direction}`).map((flow): DeniedCounter => ({ ...flow, direction })),
    );
    return { rules, denied, flows: flowsOf("flows") };
  }
}
