import { type NodeCertificates, nextRotationStep, rotateAuthority } from "../../../certificates/node-certificates";
import { storeCertificates } from "../../local-aws/prerequisites/stored-secrets";
import type { RunningLab, Stage } from "../../stage";
import type { Finding, ScenarioOptions } from "../scenario";
import { AppliedChanges } from "../steps/applied-changes";

/** Three rolling deployments that replace the authority, and what the cluster noticed of them. */
export interface Rotation {
  readonly steps: readonly string[];
  readonly isReplaced: boolean;
  /** Whether all nodes see each other at the end. */
  readonly complete: boolean;
  readonly maxPartitions: number;
  /** Links lost between living nodes, and the longest time without one. */
  readonly losses: number;
  readonly longestGapMs: number;
}

/** Takes each step as a user does: writes the parameter, and replaces the tasks of every service. */
export async function rotate(
  stage: Stage,
  { lab, cluster, waits }: RunningLab,
  first: { readonly parameter: string; readonly certificates: NodeCertificates; readonly services: readonly string[] },
  { say, signal }: ScenarioOptions,
): Promise<Rotation> {
  const { parameter, services } = first;
  const changes = new AppliedChanges(stage.clients);
  const from = Date.now();
  const steps: string[] = [];
  let certificates = first.certificates;
  const count = lab.tasks.length;
  for (let step = 1; step <= 3; step += 1) {
    steps.push(nextRotationStep(certificates));
    say?.(`rotation, step ${step} of 3: ${steps.at(-1)}`);
    certificates = await rotateAuthority("lab", certificates, new Date());
    await storeCertificates(stage.clients, parameter, certificates);
    for (const service of services) {
      await changes.setEnvironment(service, { ROTATION_STEP: String(step) });
      await lab.sync();
      await lab.steady({ signal });
    }
  }
  const { value: complete = false } = await waits.mesh(count);
  return {
    steps,
    isReplaced: certificates.trusted[0] !== first.certificates.trusted[0],
    complete,
    maxPartitions: cluster.maxPartitions(from),
    losses: cluster.losses(from),
    longestGapMs: cluster.longestGapMs(),
  };
}

export const rotationFinding = (rotation: Rotation): Finding => ({
  ok:
    rotation.steps.length === 3 &&
    rotation.isReplaced &&
    rotation.complete &&
    rotation.maxPartitions === 1 &&
    rotation.losses === 0 &&
    rotation.longestGapMs === 0,
  line:
    `a new authority in 3 rolling deployments (${rotation.steps.join(", ")}): ${rotation.complete ? "all nodes in one mesh" : "NO full mesh"}, ` +
    `${rotation.losses} links lost between living nodes, longest gap ${rotation.longestGapMs} ms, at most ${rotation.maxPartitions} partition`,
});
