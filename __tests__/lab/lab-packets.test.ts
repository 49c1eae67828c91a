import { mkdirSync } from "node:fs";
import path from "node:path";
import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  ReplaceNetworkAclAssociationCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { startLocalAws } from "../../src/lab/local-aws/aws";
import type { LocalAws } from "../../src/lab/local-aws/aws";
import { awsClients } from "../../src/lab/local-aws/aws-clients";
import type { AwsClients } from "../../src/lab/local-aws/aws-clients";
import { Images } from "../../src/lab/control-plane/images";
import { Lab, labPatches } from "../../src/lab/lab";
import type { LabEvent } from "../../src/lab/lab-event";
import { allowParameters, TestLayout } from "./applied-layout";
import { describeWithSandbox } from "./sandbox-here";
import { findTool } from "../../src/lab/data-plane/vpc/machine";
import { slowness } from "../../src/lab/waiting/machine";
import { scratchFolder } from "../scratch";
import { notEmpty } from "../not-empty";
import { writeProgram } from "../program";

/** An image whose program listens on epmd's port until it gets SIGTERM; a shell and a Perl are on every Debian. */
function image(): string {
  const folder = scratchFolder("image");
  mkdirSync(path.join(folder, "bin"));
  const program = `#!/usr/bin/perl
use IO::Socket::INET;
$SIG{TERM} = sub { select(undef, undef, undef, 0.3); print "bye\\n"; exit 0 };
$| = 1;
exit 3 if $ENV{CRASH};
my $server = IO::Socket::INET->new(LocalPort => 4369, Listen => 5, ReuseAddr => 1) or die;
print "secret $ENV{SECRET}\\n";
while (1) { my $peer = $server->accept or next; print $peer "hello\\n"; close $peer }
`;
  const connect = `#!/usr/bin/perl
use IO::Socket::INET;
my $peer = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[2] || 4369, Timeout => $ARGV[1] || 1) or exit 1;
print scalar <$peer>;
`;
  for (const [name, text] of Object.entries({ server: program, connect })) {
    writeProgram(path.join(folder, "bin", name), text);
  }
  return folder;
}

/** A sidecar whose image's program is Debian's: it answers at a port of its own, and ends by SIGTERM. */
const sidecar = `$SIG{TERM} = sub { exit 0 };
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 8081, Listen => 5, ReuseAddr => 1) or die;
while (1) { my $peer = $server->accept or next; print $peer "from the sidecar\\n"; close $peer }`;

let aws: LocalAws;
let clients: AwsClients;
let layout: TestLayout;
let lab: Lab;
const events: LabEvent[] = [];

const run = (index: number, ...command: string[]) => lab.tasks[index]!.container.exec(command);

describeWithSandbox("what was applied, with real packets", () => {
  beforeAll(async () => {
    aws = await startLocalAws({ patches: labPatches });
    clients = awsClients(aws);
    layout = new TestLayout(clients);
    await layout.network();
    await layout.namespace();
    await layout.role(allowParameters("*"));
    await layout.parameter("/org/cookie", "from SSM");
    const secrets = [{ name: "SECRET", valueFrom: "/org/cookie" }];
    const healthCheck = { command: ["CMD-SHELL", "bin/connect 127.0.0.1"], interval: 0.2, retries: 3, startPeriod: 5 };
    const dependsOn = [{ containerName: "proxy", condition: "HEALTHY" as const }];
    const proxy = {
      name: "proxy",
      image: "docker.io/library/perl:5.36",
      entryPoint: ["/docker-entrypoint.sh"],
      command: ["perl", "-MIO::Socket::INET", "-e", sidecar],
      healthCheck: {
        ...healthCheck,
        command: [
          "CMD-SHELL",
          "perl -MIO::Socket::INET -e 'IO::Socket::INET->new(PeerAddr => \"127.0.0.1:8081\") or exit 1'",
        ],
      },
    };
    const agent = { name: "agent", image: "datadog/agent:7", essential: false };
    const app = { command: [], secrets, healthCheck, dependsOn };
    await layout.service(await layout.taskDefinition(app, proxy, agent));
    const images = new Images([`myapp=${image()}`, `perl=${findTool("perl")!}`]);
    lab = await Lab.start({ aws, images, syncSeconds: 0, retrySeconds: 0.1, onEvent: (event) => events.push(event) });
    await lab.steady();
  });
  afterAll(async () => {
    await lab?.close();
    clients?.destroy();
    await aws?.stop();
  });

  it("resolves, connects and injects as the layout says", async () => {
    // GIVEN two tasks WHEN one looks the other up
    const { stdout } = await run(0, "getent", "ahostsv4", "myapp.organization.local");
    // THEN it gets both addresses, and reaches the other by its group's rule
    const addresses = lab.tasks.map((task) => task.networkInterface!.address);
    for (const address of notEmpty(addresses)) expect(stdout).toContain(address);
    expect(await run(0, "bin/connect", addresses[1]!, String(slowness()))).toMatchObject({
      stdout: "hello\n",
      code: 0,
    });
    expect(lab.tasks[0]!.container.log()).toContain("secret from SSM");
  });

  it("runs a sidecar whose image is a program of this machine, in the task's network, and names the others", async () => {
    // GIVEN a sidecar that the application waits for WHEN the application connects to it
    const { stdout } = await run(0, "bin/connect", "127.0.0.1", String(slowness()), "8081");
    // THEN it answers
    expect(stdout).toBe("from the sidecar\n");
    expect(lab.tasks[0]!.containers.all.map(({ definition, health }) => [definition.name, health])).toEqual([
      ["app", "HEALTHY"],
      ["proxy", "HEALTHY"],
    ]);
    // AND the one whose program isn't here is left out
    const said = events.flatMap((event) => (event.kind === "problem" ? event.message : []));
    expect(said).toEqual([
      'Service "myapp" runs without container "agent", image datadog/agent:7: no --image maps it to a release or a program.',
    ]);
  });

  it("obeys a network ACL, and names it in the denied packets", async () => {
    // GIVEN a network ACL of the second task's subnet that denies one port
    const [, subnet] = layout.subnetIds;
    const { NetworkAcls = [] } = await clients.ec2.send(new DescribeNetworkAclsCommand({}));
    const associations = NetworkAcls.flatMap(({ VpcId, Associations = [] }) =>
      Associations.map((association) => ({ ...association, VpcId })),
    );
    const { VpcId, NetworkAclAssociationId } = associations.find(({ SubnetId }) => SubnetId === subnet)!;
    const created = await clients.ec2.send(new CreateNetworkAclCommand({ VpcId }));
    const NetworkAclId = created.NetworkAcl!.NetworkAclId;
    const open = {
      NetworkAclId,
      CidrBlock: "0.0.0.0/0",
      Protocol: "-1",
      RuleAction: "allow",
      RuleNumber: 200,
    } as const;
    const deny = {
      ...open,
      Protocol: "6",
      PortRange: { From: 4369, To: 4369 },
      RuleAction: "deny",
      RuleNumber: 100,
    } as const;
    for (const entry of [
      { ...open, Egress: true },
      { ...open, Egress: false },
      { ...deny, Egress: false },
    ])
      await clients.ec2.send(new CreateNetworkAclEntryCommand(entry));
    const replace = new ReplaceNetworkAclAssociationCommand({ AssociationId: NetworkAclAssociationId, NetworkAclId });
    const { NewAssociationId } = await clients.ec2.send(replace);
    await lab.sync();
    const [one, other] = [0, 1].map((index) => lab.tasks[index]!.networkInterface!.address);
    const [from, to] = other!.startsWith("10.7.1.") ? [0, other!] : [1, one!];
    // WHEN a task of the other subnet connects to that port
    expect((await run(from, "bin/connect", to, String(slowness()))).code).toBe(1);
    // THEN the ACL has dropped it, and nothing else
    const { denied } = await lab.runtime.counters();
    expect(denied).toEqual([
      expect.objectContaining({ destination: to, port: 4369, direction: "ingress", byAcl: true }),
    ]);
    // AND under the former ACL it connects again
    const former = associations.find(({ SubnetId }) => SubnetId === subnet)!.NetworkAclId;
    const back = { AssociationId: NewAssociationId, NetworkAclId: former };
    await clients.ec2.send(new ReplaceNetworkAclAssociationCommand(back));
    await lab.sync();
    expect(await run(from, "bin/connect", to, String(slowness()))).toMatchObject({ stdout: "hello\n", code: 0 });
  });

  it("obeys a rule that is taken away in AWS, from the next look on", async () => {
    // WHEN the rule is revoked
    const GroupId = layout.securityGroupId;
    const IpPermissions = [{ IpProtocol: "tcp", FromPort: 4369, ToPort: 4369, UserIdGroupPairs: [{ GroupId }] }];
    await clients.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    await lab.sync();
    // THEN the packets are dropped where they arrive, and counted
    const other = lab.tasks[1]!.networkInterface!.address;
    expect((await run(0, "bin/connect", other, String(slowness()))).code).toBe(1);
    const denied = (await lab.runtime.counters()).denied.filter(({ byAcl }) => !byAcl);
    expect(denied).toEqual([expect.objectContaining({ destination: other, port: 4369, direction: "ingress" })]);
  });

  it("rolls back what crashes, and lets the old tasks be", async () => {
    // WHEN a revision is deployed that exits with 3
    const before = lab.tasks.map((task) => task.id);
    const broken = await layout.taskDefinition({ command: [], environment: [{ name: "CRASH", value: "yes" }] });
    await lab.updateService("myapp", { taskDefinition: broken });
    await lab.steady();
    // THEN the old tasks are the same
    expect(lab.tasks.map((task) => task.id)).toEqual(before);
    expect(
      events.filter((event) => event.kind === "task" && event.exitCodes["app"] === 3).length,
    ).toBeGreaterThanOrEqual(3);
  });

  it("ends a task by SIGTERM, and takes its name out of DNS", async () => {
    // WHEN the service is scaled in
    const before = [...lab.tasks];
    await lab.updateService("myapp", { desiredCount: 1 });
    await lab.steady();
    const left = lab.tasks[0]!;
    const ended = before.find((task) => task.id !== left.id)!;
    await ended.stopped;
    // THEN it has said good-bye, and its address is no more
    const bye = events.filter((event) => event.kind === "output" && event.line === "bye");
    expect(bye).toHaveLength(1);
    expect(lab.cloudMap.zones()[0]!.services[0]!.instances).toEqual([
      { address: left.networkInterface!.address, healthy: true },
    ]);
    const [app, proxy] = ended.containers.all.map(({ exit }) => exit!);
    expect([app!.exitCode, proxy!.exitCode]).toEqual([0, 0]);
    // AND the sidecar has served the application until that ended
    expect(Date.parse(proxy!.finishedAt)).toBeGreaterThanOrEqual(Date.parse(app!.finishedAt));
  });
});
