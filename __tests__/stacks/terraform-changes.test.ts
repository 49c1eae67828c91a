import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CreateSecurityGroupCommand } from "@aws-sdk/client-ec2";
import { CreateClusterCommand } from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreatePrivateDnsNamespaceCommand } from "@aws-sdk/client-servicediscovery";
import { type Environments, parseEnvironments } from "../../src/environment";
import { labPatches } from "../../src/lab/lab";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { type AwsClients, awsClients } from "../../src/lab/local-aws/aws-clients";
import { createPrerequisites, type Prerequisites } from "../../src/lab/local-aws/prerequisites/prerequisites";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { type Review, reviewPlan } from "../../src/review/review";
import { environmentsApp } from "../../src/stacks/app/environments-app";
import { scratchFolder } from "../scratch";
import { describeWithTerraform } from "../terraform-here";
import { type Change, inOneApply, refused } from "./changes";
import { type Blocks, withoutDocker } from "./without-docker";

const region = "eu-west-1";
/** `npm run test:changes` applies them all. */
const applied = Object.fromEntries(
  Object.entries(inOneApply).filter(([, { always }]) => always || process.env.CHANGES === "all"),
);
const all: Readonly<Record<string, Change>> = { ...applied, ...refused };

/** All environments as modules of one configuration: one Terraform run for all costs what each alone would. */
describeWithTerraform("docs/changes.md: applying a change of environments.json", () => {
  const scratch = scratchFolder("changes");
  const root = path.join(scratch, "root");
  let aws: LocalAws;
  let terraform: Terraform;
  let existingGroup = "";
  let targetGroup = "";
  let failed = "";
  let review: Review;
  let afterwards: readonly { address: string; change: { actions: readonly string[] } }[] = [];

  beforeAll(async () => {
    aws = await startLocalAws({ region, patches: labPatches });
    await createExisting();
    mkdirSync(path.join(scratch, "run"));
    terraform = new Terraform(root, path.join(scratch, "run"), { environment: aws.environment });
    // GIVEN each environment as it was
    write((name) => all[name]!.before);
    await terraform.init();
    await terraform.plan("before");
    await terraform.apply("before");
    // WHEN all that can be applied is applied at once
    write((name) => (name in applied ? applied[name]!.after : all[name]!.before));
    await terraform.plan("change", "-refresh=false");
    review = reviewPlan(JSON.parse(await terraform.show("change")));
    failed = await terraform.apply("change").then(
      () => "",
      (error: Error) => error.message,
    );
    await terraform.plan("after");
    afterwards = (JSON.parse(await terraform.show("after")) as { resource_changes: typeof afterwards })
      .resource_changes;
  });
  afterAll(() => aws?.stop());

  const text = (name: string, options: object) => {
    const own = { ecsCluster: { name }, namespace: { create: `${name}.local` } };
    const common = { region, state: { local: {} }, vpc: { tags: { Name: "prod" } } };
    const cookie = { egress: "open", releaseCookie: { ssmParameter: "/my-org/prod/release-cookie" } };
    const json = JSON.stringify({ [name]: { ...common, ...cookie, ...own, ...options } });
    return json.replace("EXISTING", existingGroup).replace("TARGET_GROUP", targetGroup);
  };

  /** What the environments refer to. */
  async function createExisting(): Promise<void> {
    const clients = awsClients(aws);
    const [prerequisites] = await Promise.all(
      ["prod", "other"].map((Name) => {
        const releaseCookie = { ssmParameter: `/my-org/${Name}/release-cookie` };
        const options = { ...inOneApply.architecture!.before, vpc: { tags: { Name } }, releaseCookie };
        return createPrerequisites(aws, parseEnvironments(text(Name, options), "environments.json")[Name]!);
      }),
    );
    const group = { GroupName: "existing", Description: "Existing", VpcId: prerequisites!.vpcId };
    existingGroup = (await clients.ec2.send(new CreateSecurityGroupCommand(group))).GroupId!;
    targetGroup = await targetGroupElsewhere(clients, prerequisites!);
    const namespace = { Name: "other.local", Vpc: prerequisites!.vpcId };
    await clients.serviceDiscovery.send(new CreatePrivateDnsNamespaceCommand(namespace));
    for (const clusterName of Object.keys(all)) await clients.ecs.send(new CreateClusterCommand({ clusterName }));
    clients.destroy();
  }

  /** What another project made: a load balancer that forwards to a target group. @returns the target group's ARN */
  async function targetGroupElsewhere(
    { loadBalancing }: AwsClients,
    { vpcId, subnetIds }: Prerequisites,
  ): Promise<string> {
    const { TargetGroups } = await loadBalancing.send(
      new CreateTargetGroupCommand({ Name: "shared", VpcId: vpcId, Protocol: "HTTP", Port: 4000, TargetType: "ip" }),
    );
    const TargetGroupArn = TargetGroups![0]!.TargetGroupArn!;
    const { LoadBalancers } = await loadBalancing.send(
      new CreateLoadBalancerCommand({ Name: "shared", Subnets: [...subnetIds] }),
    );
    const { LoadBalancerArn } = LoadBalancers![0]!;
    const DefaultActions = [{ Type: "forward" as const, TargetGroupArn }];
    await loadBalancing.send(
      new CreateListenerCommand({ LoadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions }),
    );
    return TargetGroupArn;
  }

  /** Writes each environment as a module. */
  function write(optionsOf: (name: string) => object | undefined): void {
    const options = Object.keys(all).flatMap((name) => {
      const given = optionsOf(name);
      return given === undefined ? [] : [[name, given] as const];
    });
    const environments: Environments = Object.assign(
      {},
      ...options.map(([name, given]) => parseEnvironments(text(name, given), "environments.json")),
    );
    const outdir = path.join(scratch, "out");
    rmSync(outdir, { recursive: true, force: true });
    environmentsApp(environments, outdir).synth();
    for (const [name] of options) {
      const json = withoutDocker(readFileSync(path.join(outdir, "stacks", name, "cdk.tf.json"), "utf8"));
      mkdirSync(path.join(root, name), { recursive: true });
      writeFileSync(path.join(root, name, "main.tf.json"), JSON.stringify(asModule(json), undefined, 1));
    }
    const module = Object.fromEntries(options.map(([name]) => [name, { source: `./${name}` }]));
    writeFileSync(path.join(root, "main.tf.json"), JSON.stringify({ module, provider: { aws: { region } } }));
  }

  /** The root has the provider and the state. AWS's refusal ends the wait for a group after seconds, not after 15 minutes. */
  function asModule({ provider: _provider, terraform, ...blocks }: Blocks): object {
    const { backend: _backend, ...settings } = terraform!;
    for (const group of Object.values(blocks.resource?.aws_security_group ?? {})) group.timeouts = { delete: "20s" };
    return { ...blocks, terraform: settings };
  }

  it.each(Object.keys(applied))("%s: takes one apply, and then the plan is empty", (name) => {
    expect(failed.split("\n\n").filter((line) => line.includes(`module.${name}.`))).toEqual([]);
    const left = afterwards.filter(
      ({ address, change }) =>
        address.startsWith(`module.${name}.`) && !["no-op", "read"].includes(change.actions.join()),
    );
    expect(left.map(({ address, change }) => `${address}: ${change.actions.join()}`)).toEqual([]);
  });

  it("is applied without an error, and the review finds none that says AWS refuses it", () => {
    expect(failed).toBe("");
    const errors = review.findings.filter(
      ({ check, severity }) => severity === "error" && ["deleted-while-used", "name-taken"].includes(check.id),
    );
    expect(errors.map(({ message }) => message)).toEqual([]);
  });

  it.each(Object.entries(applied))("%s: the review says whether it separates nodes", (name, { separates = false }) => {
    const parts = review.findings.filter(
      ({ check, address }) => check.id === "deployment-parts-nodes" && address.startsWith(`module.${name}.`),
    );
    expect([name, parts.length > 0]).toEqual([name, separates]);
  });

  describe("what AWS would refuse", () => {
    let messages: readonly (readonly [string, string])[] = [];
    beforeAll(async () => {
      write((name) => all[name]!.after);
      await terraform.plan("refused", "-refresh=false");
      const plan = JSON.parse(await terraform.show("refused")) as object;
      messages = reviewPlan(plan).findings.map(({ check, message }) => [check.id, message]);
    });

    it.each(Object.entries(refused))("%s: the review says it before", (name, { finding: [check, says] }) => {
      const found = messages.filter(([id, message]) => id === check && message.includes(`module.${name}.`));
      expect(found.map(([, message]) => message)).toContainEqual(expect.stringContaining(says));
    });
  });
});
