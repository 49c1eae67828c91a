import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  paginateDescribeSecurityGroupRules,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import {
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { AppliedService } from "../../control-plane/applied/services";
import { readServices } from "../../control-plane/applied/services";
import type { AwsClients } from "../../local-aws/aws-clients";
import { PreconditionError } from "../../waiting/cluster-waits";

/** Brings back what was applied. */
export type Undo = () => Promise<void>;

/** Changes to what was applied, through AWS's API: what a user does in the console, without Terraform. */
export class AppliedChanges {
  constructor(private readonly clients: AwsClients) {}

  async services(): Promise<readonly AppliedService[]> {
    return readServices(this.clients);
  }

  /** @throws Error when there is no such service. */
  async service(name: string): Promise<AppliedService> {
    const service = (await this.services()).find((each) => each.name === name);
    if (!service) throw new Error(`There is no service "${name}" in what was applied.`);
    return service;
  }

  /** Deletes the rules between security groups that `chosen` takes. @throws PreconditionError when it takes none */
  async revoke(chosen: (rule: SecurityGroupRule) => boolean): Promise<Undo> {
    const { ec2 } = this.clients;
    const rules: SecurityGroupRule[] = [];
    for await (const page of paginateDescribeSecurityGroupRules({ client: ec2 }, {})) {
      rules.push(...(page.SecurityGroupRules ?? []).filter((rule) => rule.ReferencedGroupInfo && chosen(rule)));
    }
    if (rules.length === 0) {
      throw new PreconditionError("a rule to revoke", "none of the applied rules between security groups is the one");
    }
    for (const { GroupId, SecurityGroupRuleId, IsEgress } of rules) {
      const command = { GroupId: GroupId!, SecurityGroupRuleIds: [SecurityGroupRuleId!] };
      if (IsEgress) await ec2.send(new RevokeSecurityGroupEgressCommand(command));
      else await ec2.send(new RevokeSecurityGroupIngressCommand(command));
    }
    return async () => {
      for (const rule of rules) await this.authorize(rule);
    };
  }

  /** Registers a revision of a service's task definition and lets the service run it. */
  async revise(name: string, edit: (container: ContainerDefinition) => ContainerDefinition): Promise<Undo> {
    const { ecs } = this.clients;
    const service = await this.service(name);
    const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinitionArn }));
    const { taskDefinitionArn: _arn, revision: _revision, status: _status, ...definition } = described.taskDefinition!;
    const registered = await ecs.send(
      new RegisterTaskDefinitionCommand({
        ...definition,
        family: definition.family!,
        containerDefinitions: definition.containerDefinitions!.map(edit),
      }),
    );
    return this.update(service, { taskDefinition: registered.taskDefinition!.taskDefinitionArn! });
  }

  /** As {@link revise}, with other values for variables of the container's environment. */
  async setEnvironment(name: string, variables: Readonly<Record<string, string>>): Promise<Undo> {
    const others = ({ environment = [] }: ContainerDefinition) =>
      environment.filter((variable) => !(variable.name! in variables));
    const own = Object.entries(variables).map(([key, value]) => ({ name: key, value }));
    return this.revise(name, (container) => ({ ...container, environment: [...others(container), ...own] }));
  }

  async scale(name: string, desiredCount: number): Promise<Undo> {
    return this.update(await this.service(name), { desiredCount });
  }

  /** Puts a service's tasks into a security group that no rules mention; its own allow all egress. */
  async moveToForeignGroup(name: string): Promise<Undo> {
    const { ec2 } = this.clients;
    const service = await this.service(name);
    const { SecurityGroups = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [...service.securityGroupIds] }),
    );
    const { GroupId } = await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: `foreign-${Date.now()}`,
        Description: "Of another owner",
        VpcId: SecurityGroups[0]!.VpcId!,
      }),
    );
    return this.update(service, { securityGroupIds: [GroupId!] });
  }

  /** Admits everything from everywhere into a service's own security group. */
  async admitEverything(name: string): Promise<void> {
    const { securityGroupIds } = await this.service(name);
    const IpPermissions = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];
    await this.clients.ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: securityGroupIds[0]!, IpPermissions }),
    );
  }

  private async authorize({ GroupId, IsEgress, ...rule }: SecurityGroupRule): Promise<void> {
    const command = {
      GroupId: GroupId!,
      IpPermissions: [
        {
          IpProtocol: rule.IpProtocol!,
          FromPort: rule.FromPort!,
          ToPort: rule.ToPort!,
          UserIdGroupPairs: [{ GroupId: rule.ReferencedGroupInfo!.GroupId! }],
        },
      ],
    };
    if (IsEgress) await this.clients.ec2.send(new AuthorizeSecurityGroupEgressCommand(command));
    else await this.clients.ec2.send(new AuthorizeSecurityGroupIngressCommand(command));
  }

  private async update(
    before: AppliedService,
    change: Partial<Pick<AppliedService, "desiredCount" | "securityGroupIds">> & { taskDefinition?: string },
  ): Promise<Undo> {
    const set = ({ desiredCount, securityGroupIds, taskDefinition }: typeof change) =>
      this.clients.ecs.send(
        new UpdateServiceCommand({
          cluster: before.clusterArn,
          service: before.name,
          ...(desiredCount === undefined ? {} : { desiredCount }),
          ...(taskDefinition === undefined ? {} : { taskDefinition }),
          ...(securityGroupIds === undefined
            ? {}
            : {
                networkConfiguration: {
                  awsvpcConfiguration: { subnets: [...before.subnetIds], securityGroups: [...securityGroupIds] },
                },
              }),
        }),
      );
    await set(change);
    return async () => {
      const { desiredCount, securityGroupIds, taskDefinitionArn } = before;
      await set({
        ...(change.desiredCount === undefined ? {} : { desiredCount }),
        ...(change.securityGroupIds === undefined ? {} : { securityGroupIds }),
        ...(change.taskDefinition === undefined ? {} : { taskDefinition: taskDefinitionArn }),
      });
    };
  }
}
