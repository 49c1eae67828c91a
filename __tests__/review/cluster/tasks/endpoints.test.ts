import { endpointOf, sharedNetworkMode, vpcOf } from "../../../../src/review/cluster/tasks/endpoints";
import { Inference } from "../../../../src/review/cluster/inferred";
import { addressesOf, nowhereKnown } from "../../../../src/review/network/addresses";
import { Resources } from "../../../../src/review/read/resources";
import { setByAws, Unknown, type Value, type Values } from "../../../../src/review/read/value";
import { ref, resource } from "../../resource";

const all = [
  resource("aws_vpc.v", { id: "vpc-1", cidr_block: "10.0.0.0/16" }),
  resource("aws_vpc.new", { cidr_block: "10.9.0.0/16" }),
  resource("aws_subnet.a", { id: "subnet-a", cidr_block: "10.0.1.0/24" }),
  resource("data.aws_subnet.b", { id: "subnet-b", cidr_block: "10.0.2.0/24" }),
  resource("aws_subnet.unknown", { cidr_block: new Unknown("a variable") }),
  resource("aws_security_group.one", { id: "sg-1", vpc_id: "vpc-1" }),
  resource("aws_security_group.new", { vpc_id: ref("aws_vpc.new") }),
  resource("aws_security_group.elsewhere", { vpc_id: "vpc-9" }),
  resource("aws_security_group.nowhere", { vpc_id: new Unknown("a variable") }),
];
const resources = new Resources(all);
const endpoint = (service: Values, definition?: Values) => {
  const each = resource("aws_ecs_service.s", service);
  const taskDefinition = definition && resource("aws_ecs_task_definition.t", definition);
  return endpointOf(each, taskDefinition, resources, new Inference(each, resources));
};
const network = (network_configuration: Value) => endpoint({ network_configuration });

describe("the network interface of a service's tasks", () => {
  it("has its groups, each once, and its subnets' addresses", () => {
    expect(
      network({
        subnets: [ref("aws_subnet.a"), "subnet-b"],
        security_groups: [ref("aws_security_group.one"), "sg-1", "sg-9"],
      }),
    ).toMatchObject({
      groups: ["aws_security_group.one", "sg-9"],
      addresses: addressesOf(["10.0.1.0/24", "10.0.2.0/24"], true),
    });
  });

  it("has its subnets, in the VPC of its groups where the subnet doesn't say it", () => {
    const security_groups = [ref("aws_security_group.one")];
    const places = (subnets: Value) => network({ subnets, security_groups }).places;
    expect(places([ref("aws_subnet.a"), "subnet-z"])).toMatchObject([{ name: "aws_subnet.a" }, { name: "subnet-z" }]);
    expect(places([ref("aws_subnet.a"), "subnet-z"])!.map(({ vpc }) => vpc)).toEqual(["vpc-1", "vpc-1"]);
    expect(places([ref("aws_subnet.a"), ref("aws_subnet.gone")])).toBeUndefined();
    expect(places(new Unknown("a variable"))).toBeUndefined();
  });

  it("has the addresses of its groups' VPC where a subnet's aren't known", () => {
    const security_groups = ["sg-9", ref("aws_security_group.nowhere"), ref("aws_security_group.one")];
    for (const subnets of [[ref("aws_subnet.a"), ref("aws_subnet.unknown")], []])
      expect(network({ subnets, security_groups }).addresses).toEqual(addressesOf(["10.0.0.0/16"], false));
    expect(network({ subnets: ["subnet-z"], security_groups: ["sg-9"] }).addresses).toEqual(nowhereKnown);
  });

  it("has the VPC's default group where it names none", () => {
    expect(network({ subnets: [] }).groups).toEqual(["the VPC's default security group"]);
    expect(network({ security_groups: [] })).not.toHaveProperty("groupsOpen");
  });

  it("has groups that aren't all known where the list isn't", () => {
    expect(network({ security_groups: ["sg-9", new Unknown("a variable")] })).toMatchObject({
      groups: ["sg-9"],
      groupsOpen: "its security groups aren't all known: a variable",
    });
    expect(network({ security_groups: new Unknown("a variable") }).groups).toEqual([]);
  });

  it.each<[string, Values, Values | undefined, string]>([
    [
      "unknown",
      { network_configuration: new Unknown("a variable") },
      undefined,
      "its network configuration isn't known: a variable",
    ],
    [
      "made by a dynamic block",
      { network_configuration: [setByAws] },
      undefined,
      "its network configuration isn't known: a dynamic block sets it, and plans don't record dynamic blocks",
    ],
    ["missing", {}, undefined, "it has no network_configuration"],
    ["missing, on Fargate", {}, { requires_compatibilities: ["FARGATE"] }, "it has no network_configuration"],
    [
      "in its task sets",
      { deployment_controller: [{ type: "EXTERNAL" }] },
      { network_mode: "bridge" },
      "its task sets have the network configuration (EXTERNAL controller)",
    ],
    [
      "that of the host",
      { network_configuration: { security_groups: ["sg-1"] } },
      { network_mode: "host" },
      'network mode "host" has no security groups of its own: those of the container instances count, which a plan doesn\'t name',
    ],
    [
      "that of Docker, which EC2 takes by default",
      {},
      {},
      'network mode "bridge" has no security groups of its own: those of the container instances count, which a plan doesn\'t name',
    ],
  ])("is unknown where the configuration is %s", (_, service, definition, groupsOpen) => {
    expect(endpoint(service, definition)).toEqual({ groups: [], groupsOpen, addresses: nowhereKnown });
  });

  it("is the service's own where the task definition doesn't say its mode", () => {
    const service = { network_configuration: { security_groups: ["sg-9"] } };
    expect(endpoint(service, {}).groups).toEqual(["sg-9"]);
    expect(endpoint(service, { network_mode: "awsvpc" }).groups).toEqual(["sg-9"]);
  });
});

it.each<[Values | undefined, string | undefined]>([
  [undefined, undefined],
  [{}, "bridge"],
  [{ requires_compatibilities: ["EC2"] }, undefined],
  [{ network_mode: "awsvpc" }, undefined],
  [{ network_mode: "host" }, "host"],
  [{ network_mode: new Unknown("a variable") }, undefined],
])("tasks of %j share the network of mode %s", (definition, mode) => {
  expect(sharedNetworkMode(definition)).toBe(mode);
});

describe("the VPC of security groups", () => {
  it.each([
    [["aws_security_group.one"], "vpc-1"],
    [["sg-9", "aws_security_group.nowhere", "aws_security_group.elsewhere", "aws_security_group.one"], "vpc-9"],
    [["aws_security_group.new"], "aws_vpc.new"],
    [["aws_security_group.nowhere", "sg-9"], undefined],
    [[], undefined],
  ])("of %j is %s", (groups, vpc) => {
    expect(vpcOf(groups, resources)).toBe(vpc);
  });
});
