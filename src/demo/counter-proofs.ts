import { randomBytes } from "node:crypto";
import { DescribeSecurityGroupRulesCommand, RevokeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { type AwsClients, awsClients } from "../lab/aws-clients";
import { pause, systemClock } from "../lab/clock";
import type { Lab } from "../lab/lab";
import { type Mesh, meshOf } from "../lab/mesh";
import { startLab } from "./lab-steps";
import type { Progress, Result } from "./progress";

/** Milliseconds given to what must not happen: many times what it took where it was allowed. */
const patience = 6000;
const epmd = 4369;

/**
 * The two that matter most, each by a change of what is applied: nodes with another cookie are refused, and without the
 * rules for epmd no node finds another.
 */
export async function* counterProofs(progress: Progress, signal: AbortSignal): AsyncGenerator<Result> {
  const clients = awsClients(progress.aws!);
  try {
    yield await otherCookie(clients, progress);
    signal.throwIfAborted();
    yield await closedEpmd(clients, progress, signal);
  } finally {
    clients.destroy();
  }
}

/** The parameter gets another value, and the last service is deployed anew: its nodes have a cookie of their own now. */
async function otherCookie({ ssm }: AwsClients, { environment, lab, recording }: Progress): Promise<Result> {
  const Name = environment!.releaseCookie.ssmParameter;
  await ssm.send(
    new PutParameterCommand({ Name, Value: randomBytes(32).toString("hex"), Type: "SecureString", Overwrite: true }),
  );
  const changed = lab!.services.at(-1)!.name;
  recording.note(`another cookie in ${changed} alone`);
  await lab!.updateService(changed, { forceNewDeployment: true });
  await lab!.steady(90);
  await pause(systemClock, patience);
  const mesh = await meshOf(lab!);
  const across = links(mesh, (from, to) => (from === changed) !== (to === changed));
  const within = links(mesh, (from, to) => from === changed && to === changed);
  return {
    ok: across === 0 && within > 0,
    text: `another cookie in ${changed} alone: ${across} links to the others (must be 0), ${within} among themselves`,
  };
}

/** The ingress rules for epmd are revoked, and all tasks start anew: connections that stand would outlive their rules, as in AWS. */
async function closedEpmd({ ec2 }: AwsClients, progress: Progress, signal: AbortSignal): Promise<Result> {
  const { SecurityGroupRules: rules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({}));
  for (const { SecurityGroupRuleId, GroupId } of rules.filter((rule) => !rule.IsEgress && rule.FromPort === epmd)) {
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [SecurityGroupRuleId!] }));
  }
  progress.recording.note("without the rules for epmd");
  await progress.lab!.close();
  const lab = (progress.lab = await startLab(progress));
  await lab.steady(90);
  signal.throwIfAborted();
  await pause(systemClock, patience);
  const open = links(await meshOf(lab), () => true);
  const denied = await deniedOn(lab, epmd);
  return {
    ok: open === 0 && denied > 0,
    text: `without the rules for epmd: ${open} links (must be 0), ${denied} packets to port ${epmd} denied on their way in`,
  };
}

/** Pairs of nodes that see each other, of the services that count. */
function links({ members }: Mesh, counts: (from: string, to: string) => boolean): number {
  return members.flatMap((from) =>
    members.filter((to) => from !== to && counts(from.service, to.service) && from.sees?.includes(to.node ?? "")),
  ).length;
}

async function deniedOn(lab: Lab, port: number): Promise<number> {
  const { denied } = await lab.runtime.counters();
  return denied
    .filter((entry) => entry.direction === "ingress" && entry.port === port)
    .reduce((sum, { packets }) => sum + packets, 0);
}
