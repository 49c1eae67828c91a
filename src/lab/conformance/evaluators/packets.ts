import type { Layout } from "../../../conformance/layout";
import type { TaskRuntime } from "../../data-plane/data-plane";
import { slowness } from "../../waiting/machine";
import type { Tried } from "../attempts";
import { asApplied } from "../ec2-answers";
import type { Evaluator } from "./evaluator";

/** How long an answer within this machine may take; a packet that isn't answered by then is tried once more, for longer. */
const answerMs = 80;
/** Long enough for the kernel to send a first packet again. */
const patientMs = 1500;

/** Real packets: a namespace for each task, and the lab's rules in the kernel between them. */
export class Packets implements Evaluator {
  readonly name = "packets";
  private readonly attached = new Set<string>();

  constructor(private readonly runtime: TaskRuntime) {}

  verdicts(layout: Layout, attempts: readonly Tried[]): Promise<readonly boolean[]> {
    return this.use(layout, () => this.probe(attempts, answerMs));
  }

  /** Tries again what wasn't answered, for long enough on a busy machine. */
  patiently(layout: Layout, attempts: readonly Tried[]): Promise<readonly boolean[]> {
    return this.use(layout, () => this.probe(attempts, patientMs));
  }

  private probe(attempts: readonly Tried[], milliseconds: number): Promise<readonly boolean[]> {
    const probes = attempts.map(({ from, to, port, sourcePort }) => ({
      taskId: taskIdOf(from.address),
      address: to.address,
      port,
      sourcePort,
    }));
    return this.runtime.probe(probes, milliseconds * slowness());
  }

  private async use<Result>(layout: Layout, probe: () => Promise<Result>): Promise<Result> {
    const { groups, subnets } = asApplied(layout);
    const inUse = new Map(
      layout.services.flatMap((service) => service.tasks.map(({ address }) => [address, service.groups] as const)),
    );
    const missing = [...inUse.keys()].filter((address) => !this.attached.has(address));
    await Promise.all(missing.map((address) => this.attach(address)));
    // Interfaces of earlier layouts stay, without a group.
    const assignments = [...this.attached].map((address) => ({
      taskId: taskIdOf(address),
      securityGroupIds: inUse.get(address) ?? [],
    }));
    await Promise.all([
      this.runtime.applySecurityGroups(groups),
      this.runtime.assignSecurityGroups(assignments),
      this.runtime.applySubnets(subnets),
    ]);
    return probe();
  }

  private async attach(address: string): Promise<void> {
    this.attached.add(address);
    const id = taskIdOf(address);
    await this.runtime.createTask({
      id,
      address,
      subnetCidr: address.replace(/\d+$/, "0/24"),
      securityGroupIds: ["sg-none"],
      arn: `arn:aws:ecs:eu-west-1:123456789012:task/conformance/${id}`,
      cluster: "conformance",
      family: "app",
      revision: 1,
    });
  }
}

/** One interface for each address, for all layouts: to make one takes longer than to try all ports. */
const taskIdOf = (address: string) => `at-${address.replaceAll(".", "-")}`;
