import type { Socket } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { maxSecurityGroups } from "../../../aws/limits";
import type { AgentAnswer, ContainerStatistics, Faults, TaskRuntime, TaskSpec } from "../data-plane";
import { addressAt, ipv4Range, ipv4ToNumber, isWithin } from "../../../aws/network/ipv4";
import { command } from "./command";
import type { RunningContainer } from "./container/container";
import { ContainerRoots } from "./container/container-root";
import { serveDns } from "./dns/dns-server";
import { Capture } from "./network/capture";
import { Delays, delaysOf } from "./network/delay";
import { faultTable } from "./faults";
import { Firewall } from "./network/firewall";
import { probe } from "./network/probe";
import { SubnetTable } from "./network/subnet-table";
import { serveMetadata } from "./metadata";
import { memoryOf, processesByNamespace } from "./container/processes";
import { beyondGroup, Destinations } from "./destinations";
import { internetGroup, LoadBalancers } from "./load-balancer/load-balancers";
import type { ConnectionTarget, FromSandbox, VpcCalls } from "./protocol";
import { Resolver } from "./dns/resolver";
import { addLink, type Link, linkLocalResolver, openRouter, removeLink } from "./network/router";
import { hostDomain, TaskNetwork, type TaskSurroundings } from "./network/task-network";

const delayOf = ({ shaping }: Faults, address: string) => delaysOf(shaping?.[address]);

/** Groups of what is beyond the VPC, on either side. */
const ownGroups = [internetGroup, beyondGroup];

type Send = (event: FromSandbox, handle?: Socket) => void;

/** The VPC itself: this process is its router, its resolver and its metadata endpoint, and starts its tasks. */
export class Vpc {
  private readonly tasks = new Map<string, TaskNetwork>();
  private readonly loadBalancers: LoadBalancers;
  private readonly destinations: Destinations;
  private faults: Faults = {};
  private reading: Capture | undefined;
  private agentRequests = 0;
  private readonly askedAgent = new Map<number, (answer: AgentAnswer) => void>();

  private constructor(
    private readonly cidrs: readonly string[],
    private readonly surroundings: TaskSurroundings,
    private readonly resolver: Resolver,
    private readonly firewall: Firewall,
    private readonly subnets: SubnetTable,
    private readonly send: Send,
    private readonly delays: Delays,
  ) {
    this.loadBalancers = new LoadBalancers(firewall);
    this.destinations = new Destinations(firewall, (address, port, socket) =>
      send({ accepted: { address, port } }, socket),
    );
  }

  static async open({ vpcCidrs, region }: Parameters<VpcCalls["open"]>[0], send: Send): Promise<Vpc> {
    const [first] = vpcCidrs;
    if (!first) throw new Error("A VPC needs at least one CIDR block.");
    vpcCidrs.forEach(ipv4Range);
    await openRouter(first);
    const resolverAddress = addressAt(first, 2);
    const resolver = new Resolver(hostDomain(region), {
      onAnswer: (to, name, addresses) => send({ answerTo: to, name, addresses }),
    });
    const firewall = await Firewall.open();
    const delays = await Delays.open("outside");
    const surroundings = { region, resolver: resolverAddress, roots: await ContainerRoots.open() };
    const vpc = new Vpc(vpcCidrs, surroundings, resolver, firewall, await SubnetTable.open(), send, delays);
    await serveDns(resolver, resolverAddress);
    await serveDns(resolver, linkLocalResolver);
    await serveMetadata({
      tasks: () => vpc.tasks.values(),
      taskProtection: (taskId, body) => vpc.askAgent(taskId, body),
    });
    return vpc;
  }

  /** What this machine's kernel can do. */
  get abilities(): TaskRuntime["abilities"] {
    return this.delays.possible ? { delay: true, delayedBy: this.delays.by } : { delay: false };
  }

  /** Where a connection is opened, and to which address; `undefined` where its target isn't there, or not attached yet. */
  async placeOf(
    target: ConnectionTarget,
  ): Promise<{ readonly namespace: string; readonly address: string } | undefined> {
    if ("loadBalancer" in target) return this.loadBalancers.placeOf(target.loadBalancer);
    const task = this.tasks.get(target.taskId);
    return task?.link && { namespace: task.link.namespace, address: task.spec.address };
  }

  /** The agent is outside: it answers by `answerAgent`. */
  private askAgent(taskId: string, body?: string): Promise<AgentAnswer> {
    const agentRequest = ++this.agentRequests;
    return new Promise((resolve) => {
      this.askedAgent.set(agentRequest, resolve);
      this.send({ taskId, agentRequest, ...(body === undefined ? {} : { body }) });
    });
  }

  private task(id: string): TaskNetwork {
    const task = this.tasks.get(id);
    if (!task) throw new Error(`There is no task ${id}.`);
    return task;
  }

  private container(taskId: string, name: string): RunningContainer {
    const container = this.task(taskId).container(name);
    if (!container) throw new Error(`Task ${taskId} has no container "${name}".`);
    return container;
  }

  private linkOf(taskId: string): Link {
    const { link } = this.task(taskId);
    if (!link) throw new Error(`The network interface of task ${taskId} is not attached yet.`);
    return link;
  }

  private checkSpec({ id, address, subnetCidr, securityGroupIds }: TaskSpec): void {
    if (this.tasks.has(id)) throw new Error(`There is a task ${id} already.`);
    const { from, to } = ipv4Range(subnetCidr);
    const number = ipv4ToNumber(address);
    if (!this.cidrs.some((cidr) => isWithin(address, cidr))) {
      throw new Error(`Address ${address} is outside of the VPC (${this.cidrs.join(", ")}).`);
    }
    if (!isWithin(address, subnetCidr)) throw new Error(`Address ${address} is outside of its subnet ${subnetCidr}.`);
    if (number < from + 4 || number === to) {
      throw new Error(`Address ${address} is reserved: AWS keeps the first four and the last one of ${subnetCidr}.`);
    }
    const holder = [...this.tasks.values()].find(({ spec }) => spec.address === address);
    if (holder) throw new Error(`Address ${address} is in use by task ${holder.spec.id}.`);
    if (securityGroupIds.length < 1 || securityGroupIds.length > maxSecurityGroups) {
      throw new Error(
        `Task ${id} has ${securityGroupIds.length} security groups: awsvpc takes 1 to ${maxSecurityGroups}.`,
      );
    }
  }

  /** The methods that a process outside may call. */
  readonly calls: Omit<VpcCalls, "open"> = {
    createTask: async (spec) => {
      this.checkSpec(spec);
      const task = new TaskNetwork(spec, this.surroundings);
      this.tasks.set(spec.id, task);
      try {
        const link = await addLink(spec.address, spec.subnetCidr);
        await this.firewall.attach({ name: link.interface, address: spec.address, groupIds: spec.securityGroupIds });
        task.link = link;
        const delay = delayOf(this.faults, spec.address);
        if (!isDeepStrictEqual(delay, delaysOf())) await this.delays.set(link, delay);
      } catch (error) {
        this.tasks.delete(spec.id);
        throw error;
      }
    },
    removeTask: async (taskId) => {
      const task = this.task(taskId);
      await task.end();
      this.tasks.delete(taskId);
      if (!task.link) return;
      await this.delays.forget(task.link);
      await removeLink(task.link);
      await this.firewall.detach(task.link.interface);
    },
    describeTask: async (taskId, status) => {
      const task = this.task(taskId);
      task.status = { ...task.status, ...status, health: { ...task.status.health, ...status.health } };
    },
    answerAgent: async (request, answer) => {
      this.askedAgent.get(request)?.(answer);
      this.askedAgent.delete(request);
    },
    startContainer: async (taskId, order) => {
      const about = { taskId, container: order.name };
      const task = this.task(taskId);
      const container = await task.start(order, {
        output: (output, stream) => this.send({ ...about, output, stream }),
        exited: (exited) => this.send({ ...about, exited }),
      });
      if (this.faults.frozenTasks?.includes(task.spec.address)) container.signalAll("SIGSTOP");
      return { startedAt: container.startedAt };
    },
    signalContainer: async (taskId, name, signal) => this.tasks.get(taskId)?.container(name)?.signal(signal),
    exec: async (taskId, name, args, options) => this.container(taskId, name).exec(args, options),
    inspectContainer: async (taskId, name) => {
      const { pid, environment } = this.container(taskId, name);
      return pid === undefined ? undefined : { pid, environment };
    },
    applySecurityGroups: (groups) => this.firewall.apply([...groups, ...ownGroups]),
    assignSecurityGroups: (assignments) =>
      this.firewall.attach(
        ...assignments.map(({ taskId, securityGroupIds }) => ({
          name: this.linkOf(taskId).interface,
          address: this.task(taskId).spec.address,
          groupIds: securityGroupIds,
        })),
      ),
    applySubnets: (subnets) => this.subnets.apply(subnets),
    applyLoadBalancers: (specs) => this.loadBalancers.apply(specs),
    checkTarget: (id, check) => this.loadBalancers.check(id, check),
    applyDestinations: async (destinations) => {
      await this.destinations.apply(destinations);
      this.resolver.hosts = new Map(destinations.map(({ name, address }) => [name.toLowerCase(), address]));
    },
    applyZones: async (zones) => this.resolver.apply(zones),
    applyFaults: (faults) => this.applyFaults(faults),
    configureResolver: async ({ cache }) => {
      this.resolver.cacheEnabled = cache ?? this.resolver.cacheEnabled;
    },
    counters: async () => {
      const [{ rules, denied, flows }, byAcls] = await Promise.all([this.firewall.counters(), this.subnets.denied()]);
      const ofLayout = rules.filter(({ groupId }) => !ownGroups.some(({ id }) => id === groupId));
      return { rules: ofLayout, denied: [...denied, ...byAcls], flows };
    },
    probe: (probes, milliseconds) =>
      probe(
        probes.map(({ taskId, ...connection }) => ({ namespace: this.linkOf(taskId).namespace, ...connection })),
        milliseconds,
      ),
    startCapture: async () => void (this.reading = await Capture.start()),
    endCapture: async (sought) => this.reading!.end(sought),
    statistics: async () => this.statistics(),
  };

  private async applyFaults(faults: Faults): Promise<void> {
    const before = this.faults;
    await command("nft", ["-f", "-"], faultTable(faults));
    this.faults = faults;
    this.resolver.silent = faults.dnsSilent ?? false;
    this.resolver.lie(faults.dnsLie);
    for (const task of this.tasks.values()) {
      const { address } = task.spec;
      const frozen = faults.frozenTasks?.includes(address) ?? false;
      const wasFrozen = before.frozenTasks?.includes(address) ?? false;
      if (frozen || wasFrozen) task.running.forEach((each) => each.signalAll(frozen ? "SIGSTOP" : "SIGCONT"));
      const delay = delayOf(faults, address);
      if (task.link && !isDeepStrictEqual(delay, delayOf(before, address))) await this.delays.set(task.link, delay);
    }
  }

  private statistics(): ContainerStatistics[] {
    const all = processesByNamespace();
    return [...this.tasks.values()].flatMap((task) =>
      task.running.map((container) => {
        const memory = container.pids(all).map(memoryOf);
        return {
          taskId: task.spec.id,
          container: container.order.name,
          processes: memory.length,
          rssBytes: memory.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
          pssBytes: memory.reduce((sum, { pssBytes }) => sum + pssBytes, 0),
        };
      }),
    );
  }
}
