import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
} from "@aws-sdk/client-ec2";
import { CreateClusterCommand, CreateServiceCommand, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import type { ContainerDefinition, CreateServiceCommandInput } from "@aws-sdk/client-ecs";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreatePrivateDnsNamespaceCommand,
  CreateServiceCommand as CreateDiscoveryServiceCommand,
  ListNamespacesCommand,
} from "@aws-sdk/client-servicediscovery";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import type { AwsClients } from "../../src/lab/local-aws/aws-clients";

/** A small layout made through the API: what Terraform would have applied, without its seconds. */
export class TestLayout {
  vpcId = "";
  subnetIds: string[] = [];
  securityGroupId = "";
  registryId = "";
  readonly roleArn: string;
  readonly cluster = "test-cluster";

  constructor(readonly clients: AwsClients) {
    this.roleArn = "arn:aws:iam::123456789012:role/execution";
  }

  async network(): Promise<this> {
    const { ec2 } = this.clients;
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.7.0.0/16" }));
    this.vpcId = Vpc!.VpcId!;
    for (const [index, zone] of ["a", "b"].entries()) {
      const AvailabilityZone = `${this.clients.region}${zone}`;
      const CidrBlock = `10.7.${index}.0/24`;
      const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: this.vpcId, CidrBlock, AvailabilityZone }));
      this.subnetIds.push(Subnet!.SubnetId!);
    }
    this.securityGroupId = await this.securityGroup("tasks");
    return this;
  }

  async securityGroup(name: string): Promise<string> {
    const created = await this.clients.ec2.send(
      new CreateSecurityGroupCommand({ VpcId: this.vpcId, GroupName: name, Description: name }),
    );
    const GroupId = created.GroupId!;
    const IpPermissions = [{ IpProtocol: "tcp", FromPort: 4369, ToPort: 4369, UserIdGroupPairs: [{ GroupId }] }];
    await this.clients.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    return GroupId;
  }

  /** @param Condition when the role's trust policy applies. @default always */
  async role(
    document: object = allowParameters("*"),
    service = "ecs-tasks.amazonaws.com",
    Condition?: object,
  ): Promise<this> {
    const trust = {
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service }, Condition }],
    };
    const RoleName = "execution";
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", ...trust });
    await this.clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument })).catch(() => {});
    await this.policy(document);
    return this;
  }

  /** IAM is of all regions: what another test has left is taken away. */
  async withoutRole(): Promise<void> {
    const RoleName = "execution";
    await this.clients.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "secrets" })).catch(() => {});
    await this.clients.iam.send(new DeleteRoleCommand({ RoleName })).catch(() => {});
  }

  async policy(document: object): Promise<void> {
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", ...document });
    const policy = { RoleName: "execution", PolicyName: "secrets", PolicyDocument };
    await this.clients.iam.send(new PutRolePolicyCommand(policy));
  }

  async parameter(Name: string, Value: string, KeyId?: string): Promise<void> {
    await this.clients.ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", KeyId, Overwrite: true }));
  }

  async namespace(Name = "organization.local"): Promise<this> {
    const { serviceDiscovery } = this.clients;
    await serviceDiscovery.send(new CreatePrivateDnsNamespaceCommand({ Name, Vpc: this.vpcId }));
    const { Namespaces = [] } = await serviceDiscovery.send(new ListNamespacesCommand({}));
    const { Service } = await serviceDiscovery.send(
      new CreateDiscoveryServiceCommand({
        Name: "myapp",
        DnsConfig: {
          NamespaceId: Namespaces.find((namespace) => namespace.Name === Name)!.Id!,
          DnsRecords: [{ Type: "A", TTL: 10 }],
          RoutingPolicy: "MULTIVALUE",
        },
        HealthCheckCustomConfig: { FailureThreshold: 1 },
      }),
    );
    this.registryId = Service!.Id!;
    return this;
  }

  async taskDefinition(
    container: Partial<ContainerDefinition> = {},
    ...others: ContainerDefinition[]
  ): Promise<string> {
    const { taskDefinition } = await this.clients.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: "myapp",
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "256",
        memory: "512",
        executionRoleArn: this.roleArn,
        containerDefinitions: [
          { name: "app", image: "registry.example/myapp:1", command: ["run"], ...container },
          ...others,
        ],
      }),
    );
    return taskDefinition!.taskDefinitionArn!;
  }

  async service(taskDefinition: string, change: Partial<CreateServiceCommandInput> = {}): Promise<void> {
    await this.clients.ecs.send(new CreateClusterCommand({ clusterName: this.cluster }));
    const registryArn = `arn:aws:servicediscovery:${this.clients.region}:123456789012:service/${this.registryId}`;
    await this.clients.ecs.send(
      new CreateServiceCommand({
        cluster: this.cluster,
        serviceName: "myapp",
        taskDefinition,
        desiredCount: 2,
        launchType: "FARGATE",
        networkConfiguration: {
          awsvpcConfiguration: { subnets: this.subnetIds, securityGroups: [this.securityGroupId] },
        },
        deploymentConfiguration: {
          minimumHealthyPercent: 100,
          maximumPercent: 200,
          deploymentCircuitBreaker: { enable: true, rollback: true },
        },
        ...(this.registryId ? { serviceRegistries: [{ registryArn }] } : {}),
        ...change,
      }),
    );
  }
}

/** A policy that allows to read the parameters of an ARN pattern. */
export const allowParameters = (...Resource: string[]) => ({
  Statement: [{ Effect: "Allow", Action: ["ssm:GetParameters"], Resource }],
});
