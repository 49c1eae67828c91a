import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DeleteNetworkInterfaceCommand,
  DeleteSecurityGroupCommand,
  DeleteVpcCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreatePrivateDnsNamespaceCommand,
  CreateServiceCommand as CreateDiscoveryServiceCommand,
  DeleteNamespaceCommand,
  DeleteServiceCommand as DeleteDiscoveryServiceCommand,
  DeregisterInstanceCommand,
  ListNamespacesCommand,
  RegisterInstanceCommand,
} from "@aws-sdk/client-servicediscovery";
import { labPatches } from "../../../src/lab/lab";
import { useLocalAws } from "./use-local-aws";
import { waitFor, workOf } from "../../../src/lab/waiting/wait";
import { TestLayout } from "../applied-layout";

const local = useLocalAws({ patches: labPatches });
let layout: TestLayout;
beforeEach(async () => {
  layout = await new TestLayout(local.clients).network();
});
/** The error code that AWS answers with. */
const refusal = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "carried out",
    (error: Error) => error.name,
  );

describe("EC2", () => {
  const deleteGroup = (GroupId: string) => refusal(local.clients.ec2.send(new DeleteSecurityGroupCommand({ GroupId })));

  it("keeps a group that a network interface has", async () => {
    const GroupId = await layout.securityGroup("used");
    const { NetworkInterface } = await local.clients.ec2.send(
      new CreateNetworkInterfaceCommand({ SubnetId: layout.subnetIds[0], Groups: [GroupId] }),
    );
    expect(await deleteGroup(GroupId)).toBe("DependencyViolation");
    const { NetworkInterfaceId } = NetworkInterface!;
    await local.clients.ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
    expect(await deleteGroup(GroupId)).toBe("carried out");
  });

  it("keeps a group that another group's rule names, and not one that only its own rule names", async () => {
    const [named, other] = [await layout.securityGroup("named"), await layout.securityGroup("other")];
    const UserIdGroupPairs = [{ GroupId: named }];
    const rule = { GroupId: other, IpPermissions: [{ IpProtocol: "tcp", FromPort: 1, ToPort: 1, UserIdGroupPairs }] };
    await local.clients.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
    expect(await deleteGroup(named)).toBe("DependencyViolation");
    await local.clients.ec2.send(new RevokeSecurityGroupIngressCommand(rule));
    expect(await deleteGroup(named)).toBe("carried out");
  });

  it("keeps the groups of a service's tasks until the service moved and its old tasks are gone", async () => {
    // GIVEN
    const [before, after] = [layout.securityGroupId, await layout.securityGroup("after")];
    await layout.service(await layout.taskDefinition());
    expect(await deleteGroup(before)).toBe("DependencyViolation");
    // WHEN
    const awsvpcConfiguration = { subnets: layout.subnetIds, securityGroups: [after] };
    const service = { cluster: layout.cluster, service: "myapp" };
    await local.clients.ecs.send(
      new UpdateServiceCommand({ ...service, networkConfiguration: { awsvpcConfiguration } }),
    );
    // THEN
    expect(await deleteGroup(before)).toBe("DependencyViolation");
    const gone = await waitFor(
      async () => (await deleteGroup(before)) === "carried out",
      workOf({ "old tasks drain": 1 }),
    );
    expect(gone.value).toBe(true);
    // AND a service without tasks uses no group
    expect(await deleteGroup(after)).toBe("DependencyViolation");
    await local.clients.ecs.send(new UpdateServiceCommand({ ...service, desiredCount: 0 }));
    expect(await deleteGroup(after)).toBe("carried out");
    await local.clients.ecs.send(new DeleteServiceCommand(service));
  });

  it("keeps a VPC's default group as long as the VPC", async () => {
    const Filters = [{ Name: "vpc-id", Values: [layout.vpcId] }];
    const { SecurityGroups } = await local.clients.ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    const standard = SecurityGroups!.find(({ GroupName }) => GroupName === "default");
    expect(await deleteGroup(standard!.GroupId!)).toBe("CannotDelete");
    const { Vpc } = await local.clients.ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
    expect(await refusal(local.clients.ec2.send(new DeleteVpcCommand({ VpcId: Vpc!.VpcId })))).toBe("carried out");
  });

  it("makes no second group of one name in a VPC, but one in another VPC", async () => {
    const create = (VpcId: string) =>
      refusal(
        local.clients.ec2.send(new CreateSecurityGroupCommand({ GroupName: "tasks", Description: "again", VpcId })),
      );
    expect(await create(layout.vpcId)).toBe("InvalidGroup.Duplicate");
    const { Vpc } = await local.clients.ec2.send(new CreateVpcCommand({ CidrBlock: "10.8.0.0/16" }));
    expect(await create(Vpc!.VpcId!)).toBe("carried out");
  });
});

describe("ECS", () => {
  const service = () => ({ cluster: layout.cluster, service: "myapp" });
  const remove = () => refusal(local.clients.ecs.send(new DeleteServiceCommand({ ...service(), force: true })));
  afterEach(remove);
  const create = async () => refusal(layout.service(await layout.taskDefinition()));
  const put = async (lastStatus: string, attached: boolean) => {
    const arn = (kind: string) => `arn:aws:ecs:${local.aws.region}:123456789012:${kind}/${layout.cluster}`;
    const task = { taskArn: `${arn("task")}/1`, clusterArn: arn("cluster"), group: "service:myapp" };
    const tasks = [{ ...task, lastStatus, desiredStatus: lastStatus }];
    const body = JSON.stringify({ region: local.aws.region, attached, tasks });
    expect((await fetch(`${local.aws.endpoint}/moto-api/lab/ecs`, { method: "PUT", body })).ok).toBe(true);
  };

  it("makes no second service of one name in a cluster, until the first is gone", async () => {
    expect(await create()).toBe("carried out");
    expect(await create()).toBe("InvalidParameterException");
    expect(await remove()).toBe("carried out");
    expect(await create()).toBe("carried out");
  });

  it("neither makes a service nor updates it while the one of its name drains", async () => {
    await create();
    await put("RUNNING", true);
    await remove();
    await expect(layout.service(await layout.taskDefinition())).rejects.toThrow("still Draining");
    const update = local.clients.ecs.send(new UpdateServiceCommand({ ...service(), desiredCount: 1 }));
    expect(await refusal(update)).toBe("ServiceNotActiveException");
    await put("STOPPED", false);
  });

  /** Registers a task definition whose first container waits for the second one. */
  const register = (dependency: object, other: object) => {
    const app = { name: "app", dependsOn: [{ containerName: "other", condition: "SUCCESS" as const, ...dependency }] };
    const containerDefinitions = [app, { name: "other", ...other }].map((each) => ({
      image: "i",
      memory: 128,
      ...each,
    }));
    return local.clients.ecs.send(new RegisterTaskDefinitionCommand({ family: "waiting", containerDefinitions }));
  };
  const onTheFirst = { essential: false, dependsOn: [{ containerName: "app", condition: "START" }] };

  it.each<[string, object, object, string]>([
    ["one that doesn't exist", {}, { name: "third" }, "Cannot depend on container + 'other' because it does not exist"],
    ["the success of an essential one", {}, {}, "SUCCESS or COMPLETE condition cannot be an essential container"],
    ["the end of an essential one", { condition: "COMPLETE" }, {}, "cannot be an essential container"],
    ["the health of one without a health check", { condition: "HEALTHY" }, {}, "must have a health check"],
    ["one for longer than Fargate waits", {}, { essential: false, startTimeout: 121 }, "between 2 and 120 seconds"],
    ["one that waits for it", { condition: "START" }, onTheFirst, "must not form a cycle"],
  ])("makes no task definition whose container waits for %s", async (_, dependency, other, message) => {
    const refused = await register(dependency, other).catch((error: Error) => error);
    expect(refused).toMatchObject({ name: "ClientException", message: expect.stringContaining(message) });
  });

  it("makes a task definition whose container waits for one that isn't essential", async () => {
    expect(await refusal(register({}, { essential: false, startTimeout: 120 }))).toBe("carried out");
  });

  it("deletes no service that wants tasks", async () => {
    await create();
    expect(await refusal(local.clients.ecs.send(new DeleteServiceCommand(service())))).toBe(
      "InvalidParameterException",
    );
  });

  it("keeps a cluster with services, and one with tasks", async () => {
    const deleteCluster = () => refusal(local.clients.ecs.send(new DeleteClusterCommand({ cluster: layout.cluster })));
    await create();
    expect(await deleteCluster()).toBe("ClusterContainsServicesException");
    await remove();
    await put("RUNNING", false);
    expect(await deleteCluster()).toBe("ClusterContainsTasksException");
    await put("STOPPED", false);
    expect(await deleteCluster()).toBe("carried out");
    // AND nothing is created in a cluster that was deleted
    const taskDefinition = await layout.taskDefinition();
    const again = new CreateServiceCommand({ cluster: layout.cluster, serviceName: "other", taskDefinition });
    expect(await refusal(local.clients.ecs.send(again))).toBe("ClusterNotFoundException");
    await local.clients.ecs.send(new CreateClusterCommand({ clusterName: layout.cluster }));
    expect(await refusal(local.clients.ecs.send(again))).toBe("carried out");
  });
});

describe("Cloud Map", () => {
  const discovery = () => local.clients.serviceDiscovery;
  const namespace = async (name: string) => {
    const { Namespaces } = await discovery().send(new ListNamespacesCommand({}));
    return Namespaces!.find(({ Name }) => Name === name)!.Id!;
  };
  const deleteService = () => refusal(discovery().send(new DeleteDiscoveryServiceCommand({ Id: layout.registryId })));

  it("keeps a service with instances, and a namespace with services", async () => {
    await layout.namespace("used.local");
    const Id = await namespace("used.local");
    const instance = { ServiceId: layout.registryId, InstanceId: "1" };
    await discovery().send(new RegisterInstanceCommand({ ...instance, Attributes: { AWS_INSTANCE_IPV4: "10.7.0.9" } }));
    expect(await deleteService()).toBe("ResourceInUse");
    await discovery().send(new DeregisterInstanceCommand(instance));
    expect(await refusal(discovery().send(new DeleteNamespaceCommand({ Id })))).toBe("ResourceInUse");
    expect(await deleteService()).toBe("carried out");
    expect(await deleteService()).toBe("ServiceNotFound");
    expect(await refusal(discovery().send(new DeleteNamespaceCommand({ Id })))).toBe("carried out");
  });

  it("makes no second namespace of one name in a VPC, but one in another VPC", async () => {
    await layout.namespace("twice.local");
    const create = (Vpc: string, Name = "twice.local") =>
      refusal(discovery().send(new CreatePrivateDnsNamespaceCommand({ Name, Vpc })));
    expect(await create(layout.vpcId)).toBe("ConflictingDomainExists");
    expect(await create(layout.vpcId, "other.local")).toBe("carried out");
    const { Vpc } = await local.clients.ec2.send(new CreateVpcCommand({ CidrBlock: "10.8.0.0/16" }));
    expect(await create(Vpc!.VpcId!)).toBe("carried out");
  });

  it("makes no second service of one name in a namespace, but one in another namespace", async () => {
    await layout.namespace("one.local");
    const create = (NamespaceId: string) => {
      const DnsConfig = { NamespaceId, DnsRecords: [{ Type: "A" as const, TTL: 10 }] };
      return refusal(discovery().send(new CreateDiscoveryServiceCommand({ Name: "MyApp", DnsConfig })));
    };
    expect(await create(await namespace("one.local"))).toBe("ServiceAlreadyExists");
    await discovery().send(new CreatePrivateDnsNamespaceCommand({ Name: "two.local", Vpc: layout.vpcId }));
    expect(await create(await namespace("two.local"))).toBe("carried out");
  });
});

describe("IAM, CloudWatch Logs and ECR", () => {
  it("makes no second role of one name, and keeps one with policies", async () => {
    const RoleName = "prod-myapp-task";
    const create = () =>
      refusal(local.clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: "{}" })));
    const remove = () => refusal(local.clients.iam.send(new DeleteRoleCommand({ RoleName })));
    expect(await create()).toBe("carried out");
    expect(await create()).toBe("EntityAlreadyExistsException");
    const policy = { RoleName, PolicyName: "task" };
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "s3:Get*", Resource: "*" },
    });
    await local.clients.iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    expect(await remove()).toBe("DeleteConflictException");
    await local.clients.iam.send(new DeleteRolePolicyCommand(policy));
    expect(await remove()).toBe("carried out");
  });

  it("makes no second log group of one name", async () => {
    const create = () =>
      refusal(local.clients.logs.send(new CreateLogGroupCommand({ logGroupName: "/ecs/prod-myapp" })));
    expect(await create()).toBe("carried out");
    expect(await create()).toBe("ResourceAlreadyExistsException");
  });

  it("makes no second repository of one name, and keeps one with images unless forced", async () => {
    const ecr = async (operation: string, input: object) => {
      const response = await fetch(local.aws.endpoint, {
        method: "POST",
        headers: {
          "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${operation}`,
          "content-type": "application/x-amz-json-1.1",
          authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${local.aws.region}/ecr/aws4_request, SignedHeaders=host, Signature=0`,
        },
        body: JSON.stringify({ repositoryName: "prod/myapp", ...input }),
      });
      const answer = (await response.json()) as { __type?: string };
      return response.ok ? "carried out" : answer.__type;
    };
    expect(await ecr("CreateRepository", {})).toBe("carried out");
    expect(await ecr("CreateRepository", {})).toBe("RepositoryAlreadyExistsException");
    const image = { schemaVersion: 2, mediaType: "application/vnd.docker.distribution.manifest.v2+json" };
    const imageManifest = JSON.stringify({ ...image, config: { digest: "sha256:0" }, layers: [] });
    expect(await ecr("PutImage", { imageManifest, imageTag: "1" })).toBe("carried out");
    expect(await ecr("DeleteRepository", {})).toBe("RepositoryNotEmptyException");
    expect(await ecr("DeleteRepository", { force: true })).toBe("carried out");
  });
});
