// The environment of bench/synth.ts as an app of the AWS CDK: node aws-cdk-app.mjs FOLDER ENVIRONMENTS OUTDIR, where FOLDER's
// node_modules contain aws-cdk-lib. Each service has its log group, roles, security group, task definition, registration in
// Cloud Map and ECS service; each cluster has a security group with two rules a direction.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [folder, environments, outdir] = process.argv.slice(2);
const require = createRequire(path.join(folder, "app.js"));
const { App, Duration, Stack } = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const ecs = require("aws-cdk-lib/aws-ecs");
const logs = require("aws-cdk-lib/aws-logs");
const servicediscovery = require("aws-cdk-lib/aws-servicediscovery");
const ssm = require("aws-cdk-lib/aws-ssm");

const { bench } = JSON.parse(readFileSync(environments, "utf8"));
// CloudFormation takes 500 resources a stack, which 50 services exceed: the CDK would stop there.
const app = new App({ outdir, context: { "@aws-cdk/core:stackResourceLimit": 0 } });
const stack = new Stack(app, "bench", { env: { account: "123456789012", region: bench.region } });
const vpc = ec2.Vpc.fromVpcAttributes(stack, "vpc", {
  vpcId: "vpc-0123456789abcdef0",
  availabilityZones: ["eu-west-1a", "eu-west-1b"],
  privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
});
const cluster = ecs.Cluster.fromClusterAttributes(stack, "cluster", { clusterName: "bench", vpc, securityGroups: [] });
const cloudMapNamespace = new servicediscovery.PrivateDnsNamespace(stack, "namespace", { name: "bench.local", vpc });
const secureString = { parameterName: "/bench/release-cookie" };
const cookie = ecs.Secret.fromSsmParameter(
  ssm.StringParameter.fromSecureStringParameterAttributes(stack, "cookie", secureString),
);

const groups = new Map();
const groupOf = (name) => {
  const known = groups.get(name);
  if (known) return known;
  const group = new ec2.SecurityGroup(stack, name, { vpc, allowAllOutbound: false });
  for (const ports of [ec2.Port.tcp(4369), ec2.Port.tcpRange(9000, 9010)]) {
    group.addIngressRule(group, ports);
    group.addEgressRule(group, ports);
  }
  groups.set(name, group);
  return group;
};

for (const [name, { image, tasks, cluster: erlangCluster }] of Object.entries(bench.services)) {
  const logGroup = new logs.LogGroup(stack, `${name}-logs`, { retention: logs.RetentionDays.ONE_MONTH });
  const taskDefinition = new ecs.FargateTaskDefinition(stack, `${name}-task`, { cpu: 512, memoryLimitMiB: 1024 });
  taskDefinition.addContainer(name, {
    image: ecs.ContainerImage.fromRegistry(image.uri),
    environment: { PORT: "4000", RELEASE_NAME: name, CLUSTER_NODES: `${name}@${name}.bench.local` },
    secrets: { RELEASE_COOKIE: cookie },
    portMappings: [{ containerPort: 4000 }],
    logging: ecs.LogDrivers.awsLogs({ logGroup, streamPrefix: name }),
    healthCheck: { command: ["CMD-SHELL", "curl -fsS http://127.0.0.1:4000/health || exit 1"] },
  });
  new ecs.FargateService(stack, name, {
    cluster,
    taskDefinition,
    desiredCount: tasks,
    enableExecuteCommand: true,
    circuitBreaker: { rollback: true },
    minHealthyPercent: 100,
    securityGroups: [new ec2.SecurityGroup(stack, `${name}-group`, { vpc }), groupOf(erlangCluster)],
    cloudMapOptions: { name, cloudMapNamespace, dnsTtl: Duration.seconds(10) },
  });
}
app.synth();
