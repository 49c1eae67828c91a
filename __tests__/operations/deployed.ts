import { taskRange } from "../../src/aws/ecs/task-range";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateServiceCommand, RegisterTaskDefinitionCommand, type Task } from "@aws-sdk/client-ecs";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreatePrivateDnsNamespaceCommand,
  CreateServiceCommand as CreateDiscoveryServiceCommand,
  DeregisterInstanceCommand,
  ListNamespacesCommand,
  RegisterInstanceCommand,
} from "@aws-sdk/client-servicediscovery";
import { DescribeParametersCommand } from "@aws-sdk/client-ssm";
import { ownNames, serviceTemplates, ownTags, securityGroupName } from "../../src/aws/names";
import { parseEnvironments } from "../../src/environment";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { type AwsClients, awsClients } from "../../src/lab/local-aws/aws-clients";
import { createPrerequisites, type Prerequisites } from "../../src/lab/local-aws/prerequisites/prerequisites";
import { labPatches } from "../../src/lab/lab";
import { type DeployedEnvironment, readEnvironment } from "../../src/operations/deployed-environment";
import { scratchFolder } from "../scratch";
import { required } from "../environment/example";

export const account = "123456789012";

/** How Terraform tags the rules that it makes. */
const terraforms: TagSpecification[] = [
  {
    ResourceType: "security-group-rule",
    Tags: Object.entries(ownTags("prod", {})).map(([Key, Value]) => ({ Key, Value })),
  },
];

/** Two services that cluster, as an adopter would describe them. */
export const environmentsText = (change: object = {}) =>
  JSON.stringify({
    prod: {
      ...required,
      state: { local: {} },
      // One group a service is the least that an account can have.
      distributionRules: "pairs",
      services: {
        myapp: {
          cluster: "web",
          image: { uri: "registry.example/myapp:1" },
          tasks: 2,
          secrets: { SECRET_KEY_BASE: { ssmParameter: "/my-org/prod/secret-key-base" } },
        },
        myapp2: { image: { uri: "registry.example/myapp:1" }, cluster: "web", tasks: 1 },
      },
      ...change,
    },
  });

/** A task as a test wants it. */
export interface TaskOptions {
  readonly service: string;
  readonly id: string;
  readonly status?: string;
  readonly address?: string;
  readonly agent?: string | false;
  readonly register?: boolean;
  readonly record?: Partial<Record<keyof Task, unknown>>;
}

/** An environment deployed to local AWS through the API, as the constructs would have made it, without Terraform's seconds. */
export class Deployed {
  readonly folder = scratchFolder("operations");
  readonly file = path.join(this.folder, "environments.json");
  existing!: Prerequisites;
  namespaceId = "";
  /** By service. */
  registries = new Map<string, string>();
  groups = new Map<string, string>();
  definitions = new Map<string, string>();
  private remembered?: Pick<this, "existing" | "namespaceId" | "registries" | "groups" | "definitions">;

  private constructor(
    readonly aws: LocalAws,
    readonly clients: AwsClients,
  ) {}

  /** Empty local AWS, to which this process talks from now on. */
  static async start(): Promise<Deployed> {
    process.env.PYTHONPATH = __dirname;
    const aws = await startLocalAws({ patches: [...labPatches, "checkpoint"] });
    Object.assign(process.env, aws.environment);
    delete process.env.AWS_PROFILE;
    const deployed = new Deployed(aws, awsClients(aws));
    deployed.write(environmentsText());
    return deployed;
  }

  /** An empty account, and this text in the file. */
  async reset(text: string): Promise<this> {
    await this.post("/moto-api/reset");
    this.write(text);
    return this;
  }

  /** Remembers what is in the account, for {@link restore}: far faster than making it again for each test. */
  async checkpoint(): Promise<void> {
    const { existing, namespaceId, registries, groups, definitions } = this;
    this.remembered = structuredClone({ existing, namespaceId, registries, groups, definitions });
    // moto loads a service at its first request, which each restored account would do again.
    await this.parameterNames();
    await this.clients.logs.send(new DescribeLogGroupsCommand({}));
    await this.post("/checkpoint");
  }

  /** The account as it was at the checkpoint, and the file as it was first. */
  async restore(): Promise<void> {
    await this.post("/restore");
    Object.assign(this, structuredClone(this.remembered));
    this.write(environmentsText());
  }

  private async post(path: string): Promise<void> {
    const response = await fetch(this.aws.endpoint + path, { method: "POST" });
    if (!response.ok) throw new Error(`local AWS answered ${response.status}`);
  }

  write(text: string): void {
    writeFileSync(this.file, text);
  }

  get environment(): DeployedEnvironment {
    return readEnvironment(this.file, "prod");
  }

  async stop(): Promise<void> {
    this.clients.destroy();
    await this.aws.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async parameterNames(): Promise<string[]> {
    const { Parameters = [] } = await this.clients.ssm.send(new DescribeParametersCommand({}));
    return Parameters.map(({ Name }) => Name!).sort();
  }

  async deploy(): Promise<this> {
    const { environment } = this;
    this.existing = await createPrerequisites(this.aws, parseEnvironments(environmentsText(), this.file).prod!);
    const { serviceDiscovery } = this.clients;
    const Name = environment.namespace;
    await serviceDiscovery.send(new CreatePrivateDnsNamespaceCommand({ Name, Vpc: this.existing.vpcId }));
    const { Namespaces = [] } = await serviceDiscovery.send(new ListNamespacesCommand({}));
    this.namespaceId = Namespaces.find((namespace) => namespace.Name === Name)!.Id!;
    for (const service of environment.services) {
      await this.service(service);
      await this.rollout(service.name, "COMPLETED");
    }
    await this.rules();
    return this;
  }

  async discoveryService(Name: string): Promise<string> {
    const { Service } = await this.clients.serviceDiscovery.send(
      new CreateDiscoveryServiceCommand({
        Name,
        DnsConfig: {
          NamespaceId: this.namespaceId,
          RoutingPolicy: "MULTIVALUE",
          DnsRecords: [{ Type: "A", TTL: 10 }],
        },
        HealthCheckCustomConfig: { FailureThreshold: 1 },
      }),
    );
    return Service!.Id!;
  }

  private async service({ name, ecsService, options }: DeployedEnvironment["services"][number]): Promise<void> {
    const fullName = `${"prod"}-${name}`;
    const { ec2, ecs, region } = this.clients;
    const registry = await this.discoveryService(name);
    this.registries.set(name, registry);
    const group = await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: securityGroupName(fullName),
        Description: name,
        VpcId: this.existing.vpcId,
      }),
    );
    this.groups.set(name, group.GroupId!);
    // Terraform's resource removes the rule that EC2 gives every new group.
    const everything = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];
    await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: group.GroupId!, IpPermissions: everything }));
    const roles = await this.roles(fullName);
    const secret = (parameter: string) => `arn:aws:ssm:${region}:${account}:parameter${parameter}`;
    const secrets = { RELEASE_COOKIE: this.environment.options.releaseCookie, ...options.secrets };
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: fullName,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "512",
        memory: "1024",
        ...roles,
        containerDefinitions: [
          {
            name,
            image: "registry.example/myapp:1",
            environment: Object.entries({
              DISTRIBUTION_MODE: "epmd",
              DISTRIBUTION_PORT_MIN: "9000",
              DISTRIBUTION_PORT_MAX: "9010",
            }).map(([key, value]) => ({ name: key, value })),
            secrets: Object.entries(secrets).map(([key, { ssmParameter }]) => ({
              name: key,
              valueFrom: secret(ssmParameter!),
            })),
            logConfiguration: {
              logDriver: "awslogs",
              options: {
                "awslogs-group": ownNames(serviceTemplates({ resources: fullName }), name).logGroup,
                "awslogs-region": region,
                "awslogs-stream-prefix": name,
              },
            },
          },
        ],
      }),
    );
    this.definitions.set(name, taskDefinition!.taskDefinitionArn!);
    await ecs.send(
      new CreateServiceCommand({
        cluster: this.environment.cluster,
        serviceName: ecsService,
        taskDefinition: taskDefinition!.taskDefinitionArn!,
        desiredCount: taskRange(options.tasks).min,
        launchType: "FARGATE",
        enableExecuteCommand: true,
        networkConfiguration: {
          awsvpcConfiguration: { subnets: [...this.existing.subnetIds], securityGroups: [group.GroupId!] },
        },
        serviceRegistries: [{ registryArn: `arn:aws:servicediscovery:${region}:${account}:service/${registry}` }],
      }),
    );
  }

  private async roles(fullName: string) {
    const { iam, region } = this.clients;
    const { executionRole, taskRole } = ownNames(serviceTemplates({ resources: fullName }), fullName);
    for (const RoleName of [executionRole, taskRole]) {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: "{}" }));
    }
    await this.allowSecrets(fullName, `arn:aws:ssm:${region}:${account}:parameter/my-org/prod/*`);
    return {
      executionRoleArn: `arn:aws:iam::${account}:role/${executionRole}`,
      taskRoleArn: `arn:aws:iam::${account}:role/${taskRole}`,
    };
  }

  /** What the execution role may read. */
  async allowSecrets(fullName: string, Resource: string): Promise<void> {
    const Statement = [{ Effect: "Allow", Action: ["ssm:GetParameters"], Resource: [Resource] }];
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    const RoleName = ownNames(serviceTemplates({ resources: fullName }), fullName).executionRole;
    await this.clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "execution", PolicyDocument }));
  }

  /** Distribution within each service, and between any two. */
  private async rules(): Promise<void> {
    const names = this.environment.services.map(({ name }) => name);
    for (const [from, to] of names.flatMap((one) => names.map((other) => [one, other] as const))) {
      await this.clients.ec2.send(this.ingress(from, to));
      await this.clients.ec2.send(this.egress(from, to));
    }
  }

  ingress(from: string, to: string) {
    return new AuthorizeSecurityGroupIngressCommand({
      GroupId: this.groups.get(to)!,
      IpPermissions: this.permissions(from),
      TagSpecifications: terraforms,
    });
  }

  egress(from: string, to: string) {
    return new AuthorizeSecurityGroupEgressCommand({
      GroupId: this.groups.get(from)!,
      IpPermissions: this.permissions(to),
      TagSpecifications: terraforms,
    });
  }

  permissions(peer: string): IpPermission[] {
    return [
      [4369, 4369],
      [9000, 9010],
    ].map(([FromPort, ToPort]) => ({
      IpProtocol: "tcp",
      FromPort,
      ToPort,
      UserIdGroupPairs: [{ GroupId: this.groups.get(peer)! }],
    }));
  }

  taskArn = (id: string) => `arn:aws:ecs:${this.aws.region}:${account}:task/${this.environment.cluster}/${id}`;

  /** Puts tasks into ECS as the lab does; with an address also into EC2, and unless told otherwise into Cloud Map. */
  async tasks(...tasks: TaskOptions[]): Promise<void> {
    const records = await Promise.all(tasks.map((task) => this.taskRecord(task)));
    await this.put({ tasks: records });
    for (const { service, id, address, register = address !== undefined } of tasks) {
      if (register) await this.register(service, id, address!);
    }
  }

  private ecsName = (service: string) =>
    this.environment.services.find(({ name }) => name === service)?.ecsService ?? service;

  /** How the deployment of a service's newest task definition goes. */
  async rollout(service: string, rolloutState: string, rolloutStateReason?: string): Promise<void> {
    const deployment = { id: "ecs-svc/1", status: "PRIMARY", taskDefinition: this.definitions.get(service) };
    await this.counts(service, { deployments: [{ ...deployment, rolloutState, rolloutStateReason }] });
  }

  /** Counts, deployments and events of a service, as the lab puts them. */
  async counts(service: string, record: object): Promise<void> {
    await this.put({ services: [{ cluster: this.environment.cluster, service: this.ecsName(service), ...record }] });
  }

  async register(service: string, id: string, address: string, attributes: object = {}): Promise<void> {
    await this.clients.serviceDiscovery.send(
      new RegisterInstanceCommand({
        ServiceId: this.registries.get(service)!,
        InstanceId: id,
        Attributes: {
          AWS_INSTANCE_IPV4: address,
          REGION: this.aws.region,
          ECS_CLUSTER_NAME: this.environment.cluster,
          ECS_SERVICE_NAME: service,
          AWS_INIT_HEALTH_STATUS: "HEALTHY",
          ...attributes,
        },
      }),
    );
  }

  async deregister(service: string, InstanceId: string): Promise<void> {
    const ServiceId = this.registries.get(service)!;
    await this.clients.serviceDiscovery.send(new DeregisterInstanceCommand({ ServiceId, InstanceId }));
  }

  private async put(body: object): Promise<void> {
    const response = await fetch(`${this.aws.endpoint}/moto-api/lab/ecs`, {
      method: "PUT",
      body: JSON.stringify({ region: this.aws.region, ...body }),
    });
    if (!response.ok) throw new Error(`local AWS answered ${response.status}`);
  }

  private async taskRecord({ service, id, status = "RUNNING", address, agent = "RUNNING", record }: TaskOptions) {
    const details = address ? await this.attachmentDetails(service, address) : [];
    return {
      taskArn: this.taskArn(id),
      clusterArn: `arn:aws:ecs:${this.aws.region}:${account}:cluster/${this.environment.cluster}`,
      taskDefinitionArn: this.definitions.get(service)!,
      group: `service:${this.ecsName(service)}`,
      launchType: "FARGATE",
      enableExecuteCommand: true,
      lastStatus: status,
      desiredStatus: status === "STOPPED" ? "STOPPED" : "RUNNING",
      healthStatus: "HEALTHY",
      startedAt: new Date().toISOString(),
      attachments: [{ id, type: "ElasticNetworkInterface", status: "ATTACHED", details }],
      containers: [
        {
          name: service,
          lastStatus: status,
          managedAgents: agent === false ? [] : [{ name: "ExecuteCommandAgent", lastStatus: agent }],
        },
      ],
      ...record,
    };
  }

  private async attachmentDetails(service: string, address: string) {
    const { NetworkInterface } = await this.clients.ec2.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: this.existing.subnetIds[0],
        PrivateIpAddress: address,
        Groups: [this.groups.get(service)!],
      }),
    );
    return [
      { name: "networkInterfaceId", value: NetworkInterface!.NetworkInterfaceId! },
      { name: "privateIPv4Address", value: address },
    ];
  }
}
