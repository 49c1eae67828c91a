import { TerraformOutput, type TerraformStack } from "cdktf";
import { Network } from "../constructs/network/network";
import type { NewVpc } from "../constructs/network/vpc/new-vpc";
import { nameTemplatesOf } from "../aws/names";
import { taskEndpoints, type TaskNeeds } from "../aws/network/task-endpoints";
import { certificatesOf, type Environment } from "../environment";

/** The environment's VPC and subnets; a new VPC gets what its services and its load balancer need. */
export function networkOf(stack: TerraformStack & { readonly name: string }, environment: Environment): Network {
  const { vpc, subnets, publicIp, region, loadBalancer } = environment;
  if (!("create" in vpc)) return new Network(stack, "network", { vpc, subnets, publicIp });
  const { endpoints, ...options } = vpc.create;
  const publicSubnets =
    loadBalancer !== undefined && "create" in loadBalancer && loadBalancer.create.scheme === "public";
  const extra = Array.isArray(endpoints) ? endpoints : [];
  const network = new Network(stack, "network", {
    publicIp,
    vpc: {
      create: {
        ...options,
        ...{ name: stack.name, nameTemplates: nameTemplatesOf({ ...environment, environment: stack.name }) },
        ...{ region, publicSubnets },
        endpoints: endpoints === false ? [] : [...new Set([...taskEndpoints(needsOf(environment)), ...extra])],
      },
    },
  });
  describe(stack, network.created!);
  return network;
}

/** The output that whatever else belongs in the VPC needs: a database, for example. */
function describe(stack: TerraformStack, { vpcId, privateSubnetIds, publicSubnetIds }: NewVpc): void {
  const output = new TerraformOutput(stack, "output-vpc", {
    value: { id: vpcId, private_subnet_ids: privateSubnetIds, public_subnet_ids: publicSubnetIds },
    description: "The VPC and its subnets",
  });
  output.overrideLogicalId("vpc");
}

/** What the environment's tasks use of AWS. */
function needsOf(environment: Environment): TaskNeeds {
  const { services, releaseCookie } = environment;
  const all = Object.values(services);
  const secrets = [
    releaseCookie,
    ...all.flatMap((service) => [...Object.values(service.secrets), certificatesOf(environment, service)]),
  ];
  return {
    ssmSecrets: secrets.some((secret) => secret && "ssmParameter" in secret),
    secretsManagerSecrets: secrets.some((secret) => secret && "secretsManager" in secret),
    executeCommand: all.some((service) => service.executeCommand),
    sessionKey: environment.execSessions?.kmsKeyArn !== undefined,
    taskProtection: all.some((service) => service.taskProtection),
  };
}
