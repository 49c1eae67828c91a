import type { ContainerJson, Layout } from "./good-layout";

/**
 * A straightforward world of tasks and packets, written without anything of the review: each service gets one task in each
 * subnet, each task an address; a node asks DNS, dials epmd and the node, and every packet is held against every rule.
 */
type Block = Record<string, unknown>;

interface Task {
  readonly service: string;
  readonly ip: string;
  readonly groups: readonly string[];
  readonly environment: Record<string, string>;
  readonly cookie: string;
}

export type Outcome = "connects" | "fails" | "unknown";

/** Dials from every task of each service to every other task of each service that it polls, and reports the results. */
export function dialAll(layout: Layout): Map<string, Outcome> {
  const world = new World(layout);
  const outcomes = new Map<string, Outcome>();
  for (const from of world.services())
    for (const to of world.services()) {
      const tried = world.tasks(from).flatMap((caller) =>
        world
          .tasks(to)
          .filter(({ ip }) => ip !== caller.ip)
          .map((callee) => world.dial(caller, callee)),
      );
      const connects = tried.every((result) => result === "connects");
      const fails = tried.every((result) => result === "fails");
      outcomes.set(`${from}→${to}`, connects ? "connects" : fails ? "fails" : "unknown");
    }
  return outcomes;
}

class World {
  constructor(private readonly layout: Layout) {}

  services(): string[] {
    return Object.keys(this.all("aws_ecs_service"));
  }

  tasks(service: string): Task[] {
    const block = this.all("aws_ecs_service")[service]!;
    const network = block.network_configuration as { subnets: string[]; security_groups: string[] };
    const definition = this.follow(block.task_definition as string);
    const container = (JSON.parse(definition.container_definitions as string) as ContainerJson[])[0]!;
    const environment = Object.fromEntries(container.environment.map(({ name, value }) => [name, value]));
    const cookie =
      container.secrets.find(({ name }) => name === "RELEASE_COOKIE")?.valueFrom.replace(/^arn:.*:parameter/, "") ??
      environment.RELEASE_COOKIE!;
    return network.subnets.map((subnet) => ({
      service,
      ip: (this.follow(subnet).cidr_block as string).replace(/\.0\/24$/, `.${10 + this.services().indexOf(service)}`),
      groups: network.security_groups.map(target),
      environment,
      cookie,
    }));
  }

  dial(caller: Task, callee: Task): Outcome {
    const found = caller.environment.CLUSTER_NODES!.split(",").some((entry) => {
      const [basename, host] = entry.split("@");
      const { RELEASE_NAME: release, CLUSTER_VERSION: version } = callee.environment;
      return this.resolve(host!).includes(callee.ip) && basename === [release, version].filter(Boolean).join("-");
    });
    if (!found) return "fails";
    const own = Number(caller.environment.DISTRIBUTION_PORT_MIN);
    const listening = Number(callee.environment.DISTRIBUTION_PORT_MIN);
    if (caller.environment.DISTRIBUTION_MODE === "single-port") {
      if (own !== listening || !this.passes(caller, callee, own)) return "fails";
    } else {
      if (callee.environment.DISTRIBUTION_MODE === "single-port" || !this.passes(caller, callee, 4369)) return "fails";
      if (!this.passes(caller, callee, listening)) return "fails";
    }
    if (caller.cookie === callee.cookie) return "connects";
    return caller.cookie.startsWith("/") ? "unknown" : "fails";
  }

  /** Addresses that an A query for a name finds. */
  private resolve(host: string): string[] {
    return this.services()
      .filter((service) => {
        const registry = this.all("aws_ecs_service")[service]!.service_registries as
          { registry_arn: string } | undefined;
        if (!registry) return false;
        const discovery = this.follow(registry.registry_arn);
        const config = discovery.dns_config as { namespace_id: string; dns_records: { type: string }[] };
        if (!config.dns_records.some(({ type }) => type === "A")) return false;
        return `${discovery.name as string}.${this.follow(config.namespace_id).name as string}` === host;
      })
      .flatMap((service) => this.tasks(service).map(({ ip }) => ip));
  }

  private passes(caller: Task, callee: Task, port: number): boolean {
    return this.allowed("egress", caller, callee, port) && this.allowed("ingress", callee, caller, port);
  }

  private allowed(direction: string, own: Task, other: Task, port: number): boolean {
    for (const [name, group] of Object.entries(this.all("aws_security_group")))
      for (const rule of (group[direction] as Block[] | undefined) ?? [])
        if (
          own.groups.includes(`aws_security_group.${name}`) &&
          this.admits({ ...rule, security_group_id: `\${aws_security_group.${name}.id}` }, other, port)
        )
          return true;
    for (const rule of Object.values(this.all("aws_security_group_rule")))
      if (
        rule.type === direction &&
        own.groups.includes(target(rule.security_group_id as string)) &&
        this.admits(rule, other, port)
      )
        return true;
    for (const rule of Object.values(this.all(`aws_vpc_security_group_${direction}_rule`)))
      if (own.groups.includes(target(rule.security_group_id as string)) && this.admits(rule, other, port)) return true;
    return false;
  }

  private admits(rule: Block, other: Task, port: number): boolean {
    const protocol = String(rule.protocol ?? rule.ip_protocol);
    if (protocol !== "-1") {
      if (protocol !== "tcp" && protocol !== "6") return false;
      if (port < (rule.from_port as number) || port > (rule.to_port as number)) return false;
    }
    const groups = [
      rule.source_security_group_id,
      rule.referenced_security_group_id,
      ...((rule.security_groups as string[]) ?? []),
    ]
      .filter(Boolean)
      .map((group) => target(group as string));
    if (rule.self === true) groups.push(target(rule.security_group_id as string));
    if (groups.some((group) => other.groups.includes(group))) return true;
    const cidrs = [rule.cidr_ipv4, ...((rule.cidr_blocks as string[]) ?? [])].filter(Boolean) as string[];
    const lists = [rule.prefix_list_id, ...((rule.prefix_list_ids as string[]) ?? [])].filter(Boolean) as string[];
    for (const list of lists) {
      cidrs.push(...((this.follow(list).entry as { cidr: string }[] | undefined) ?? []).map(({ cidr }) => cidr));
      for (const entry of Object.values(this.all("aws_ec2_managed_prefix_list_entry")))
        if (target(entry.prefix_list_id as string) === target(list)) cidrs.push(entry.cidr as string);
    }
    return cidrs.some((cidr) => contains(cidr, other.ip));
  }

  private all(type: string): Record<string, Block> {
    return this.layout.resource[type] ?? {};
  }

  private follow(expression: string): Block {
    const [type, name] = target(expression).split(".");
    return this.all(type!)[name!]!;
  }
}

/** `aws_x.y` of `${aws_x.y.id}`. */
function target(expression: string): string {
  return /^\$\{(\w+\.\w+)\.\w+\}$/.exec(expression)![1]!;
}

/** Bit by bit, so that nothing clever can be wrong with it. */
function contains(cidr: string, ip: string): boolean {
  const [network, length] = cidr.split("/");
  const bits = (address: string) =>
    address
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  return bits(network!).slice(0, Number(length)) === bits(ip).slice(0, Number(length));
}
