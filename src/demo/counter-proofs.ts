import { DescribeSecurityGroupRulesCommand, RevokeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { epmdPort } from "../distribution";
import { type AwsClients, awsClients } from "../lab/local-aws/aws-clients";
import { restartWithAnotherCookie } from "../lab/scenarios/another-cookie";
import { deniedAt, traffic } from "../lab/scenarios/steps/traffic";
import type { RunningLab } from "../lab/stage";
import { type NegativeTest, PreconditionError } from "../lab/waiting/cluster-waits";
import { startLab } from "./lab-steps";
import type { DemoOptions, Progress, Result } from "./progress";

/**
 * The two that matter most, each by a change of what is applied: nodes with another cookie are refused, and without the
 * rules for epmd no node finds another. What must not happen is watched for as long as a join may take.
 */
export async function* counterProofs(progress: Progress, options: DemoOptions): AsyncGenerator<Result> {
  const clients = awsClients(progress.aws!);
  try {
    yield await otherCookie(clients, progress);
    options.signal.throwIfAborted();
    yield await closedEpmd(clients, progress, options);
  } finally {
    clients.destroy();
  }
}

/** What came of a negative test; `proof` is what it has seen instead of the offence. */
async function resultOf(
  { waits }: RunningLab,
  name: string,
  test: NegativeTest,
  proof: () => string | Promise<string>,
): Promise<Result> {
  try {
    const { value: offence, wallMs } = await waits.never(test);
    if (offence !== undefined) return { ok: false, text: `${name}: ${offence}; there must be none` };
    return { ok: true, text: `${name}: no link in ${(wallMs / 1000).toFixed(1)} s, ${await proof()}` };
  } catch (error) {
    if (!(error instanceof PreconditionError)) throw error;
    return { ok: false, untried: true, text: `${name}: ${error.message}` };
  }
}

/** The parameter gets another value, and the last service starts again: its nodes have a cookie of their own now. */
async function otherCookie(clients: AwsClients, { environment, running, recording }: Progress): Promise<Result> {
  const { lab, cluster } = running!;
  const { name: changed, desiredCount } = lab.services.at(-1)!;
  const name = `another cookie in ${changed} alone`;
  recording.note(name);
  const within = () => cluster.links.filter(({ from, to }) => from === changed && to === changed).length;
  const across = () => cluster.links.filter(({ from, to }) => (from === changed) !== (to === changed)).length;
  await restartWithAnotherCookie(running!, clients, environment!.releaseCookie.ssmParameter, changed, desiredCount);
  const nodes = lab.services.reduce((sum, service) => sum + service.desiredCount, 0);
  return resultOf(
    running!,
    name,
    {
      offence: () => (across() > 0 ? `${across()} links between its nodes and others` : undefined),
      precondition: {
        what: `all ${nodes} nodes run, and the ${desiredCount} of ${changed} see each other`,
        holds: () => cluster.living.length === nodes && within() === desiredCount * (desiredCount - 1),
      },
    },
    () => `${within()} among its own nodes`,
  );
}

/** The ingress rules for epmd are revoked, and all tasks start again: open connections would outlive their rules, as in AWS. */
async function closedEpmd({ ec2 }: AwsClients, progress: Progress, options: DemoOptions): Promise<Result> {
  const { SecurityGroupRules: rules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({}));
  for (const { SecurityGroupRuleId, GroupId } of rules.filter((rule) => !rule.IsEgress && rule.FromPort === epmdPort)) {
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [SecurityGroupRuleId!] }));
  }
  const name = "without the rules for epmd";
  progress.recording.note(name);
  await progress.running!.lab.close();
  const running = (progress.running = await startLab(progress, options));
  const { lab, cluster } = running;
  const nodes = lab.services.reduce((sum, service) => sum + service.desiredCount, 0);
  const denied = async () => deniedAt(await traffic(lab), "ingress", epmdPort);
  return resultOf(
    running,
    name,
    {
      offence: () => (cluster.links.length > 0 ? `${cluster.links.length} links` : undefined),
      precondition: {
        what: `all ${nodes} nodes run and look for others on port ${epmdPort}`,
        holds: async () => cluster.living.length === nodes && (await denied()) > 0,
      },
    },
    async () => `${await denied()} packets to port ${epmdPort} denied on their way in`,
  );
}
