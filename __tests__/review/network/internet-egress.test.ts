import {
  neededEndpoints,
  presentEndpoints,
  internetEgress,
  type TaskSource,
} from "../../../src/review/network/internet-egress";
import { Resources } from "../../../src/review/read/resources";
import { Unknown, type Value, type Values } from "../../../src/review/read/value";
import { ref, resource } from "../resource";

const service = (values: Values, secrets: readonly string[] = []) =>
  ({
    launch: values,
    containers: { known: [{ secrets: new Map(secrets.map((from, index) => [`SECRET_${index}`, from])) }] },
  }) as unknown as TaskSource;

const inSubnets = (names: readonly string[], more: Values = {}) =>
  service({ network_configuration: [{ subnets: names.map((name) => ref(`aws_subnet.${name}`)), ...more }] });

const subnet = (name: string, table = name) => [
  resource(`aws_subnet.${name}`, {}),
  resource(`aws_route_table_association.${name}`, {
    subnet_id: ref(`aws_subnet.${name}`),
    route_table_id: ref(`aws_route_table.${table}`),
  }),
];
const table = (name: string, ...route: readonly Values[]) => resource(`aws_route_table.${name}`, { route });
const unknown = new Unknown("a variable");

const leaves = (routes: readonly Values[], more: Values = {}) =>
  internetEgress(inSubnets(["a"], more), new Resources([...subnet("a"), table("a", ...routes)]));

describe("internet egress of a subnet", () => {
  const everywhere = { cidr_block: "0.0.0.0/0" };

  it.each([
    "nat_gateway_id",
    "transit_gateway_id",
    "network_interface_id",
    "vpc_peering_connection_id",
    "vpc_endpoint_id",
  ])("is a default route to a %s", (target) => {
    expect(leaves([{ ...everywhere, [target]: ref("aws_nat_gateway.a") }])).toBe(true);
    expect(leaves([{ ...everywhere, [target]: "known-1" }])).toBe(true);
    expect(leaves([{ ...everywhere, [target]: "" }])).toBe(false);
    // One that isn't known before apply may be none.
    expect(leaves([{ ...everywhere, [target]: unknown }])).toBeUndefined();
    expect(leaves([{ cidr_block: "10.1.0.0/16", [target]: "known-1" }])).toBe(false);
  });

  it("is an internet gateway for tasks with a public address alone", () => {
    const route = [{ ...everywhere, gateway_id: ref("aws_internet_gateway.a") }];
    expect(leaves(route, { assign_public_ip: true })).toBe(true);
    expect(leaves(route, { assign_public_ip: false })).toBe(false);
    expect(leaves(route)).toBe(false);
  });

  it("is none without a route", () => {
    expect(leaves([])).toBe(false);
  });

  it("is the second route where the first leads elsewhere", () => {
    const elsewhere = { cidr_block: "10.1.0.0/16", vpc_peering_connection_id: "pcx-1" };
    expect(leaves([elsewhere, { ...everywhere, nat_gateway_id: "nat-1" }])).toBe(true);
  });

  it("isn't known where a destination isn't, unless another route is one", () => {
    const perhaps = { cidr_block: unknown as Value, nat_gateway_id: "nat-1" };
    expect(leaves([perhaps])).toBeUndefined();
    expect(leaves([{ ...perhaps, cidr_block: ref("aws_vpc.b", "cidr_block") }])).toBeUndefined();
    expect(leaves([{ cidr_block: unknown as Value, local_gateway_id: "lgw-1" }])).toBe(false);
    expect(leaves([perhaps, { ...everywhere, nat_gateway_id: "nat-1" }])).toBe(true);
    expect(leaves([unknown as unknown as Values])).toBeUndefined();
  });
});

describe("the way out of a service", () => {
  const out = { cidr_block: "0.0.0.0/0", nat_gateway_id: "nat-1" };

  it("takes one in each of its subnets", () => {
    const resources = [...subnet("a"), table("a", out), ...subnet("b"), table("b")];
    expect(internetEgress(inSubnets(["a"]), new Resources(resources))).toBe(true);
    expect(internetEgress(inSubnets(["a", "b"]), new Resources(resources))).toBe(false);
  });

  it("isn't known without its subnets, a subnet's association or its table", () => {
    const [alone, association] = subnet("a");
    expect(internetEgress(inSubnets(["a"]), new Resources([]))).toBeUndefined();
    expect(internetEgress(inSubnets([]), new Resources([]))).toBeUndefined();
    expect(internetEgress(service({}), new Resources([]))).toBeUndefined();
    expect(
      internetEgress(service({ network_configuration: [{ subnets: unknown }] }), new Resources([])),
    ).toBeUndefined();
    expect(internetEgress(inSubnets(["a"]), new Resources([alone!]))).toBeUndefined();
    expect(internetEgress(inSubnets(["a"]), new Resources([alone!, association!]))).toBeUndefined();
    expect(internetEgress(inSubnets(["a", "b"]), new Resources([...subnet("a"), table("a", out)]))).toBeUndefined();
  });

  it("takes the routes of its own table alone, made by resources too", () => {
    const route = (of: string) =>
      resource(`aws_route.${of}`, {
        route_table_id: ref(`aws_route_table.${of}`),
        destination_cidr_block: "0.0.0.0/0",
        transit_gateway_id: "tgw-1",
      });
    const tables = [...subnet("a"), table("a"), table("b")];
    expect(internetEgress(inSubnets(["a"]), new Resources([...tables, route("a")]))).toBe(true);
    expect(internetEgress(inSubnets(["a"]), new Resources([...tables, route("b")]))).toBe(false);
    const anywhere = resource("aws_route.any", { ...route("a").values, route_table_id: unknown });
    expect(internetEgress(inSubnets(["a"]), new Resources([...tables, anywhere]))).toBeUndefined();
  });

  it("doesn't take routes that only the state knows for its own, nor leaves them out", () => {
    const state = (...route: readonly Values[]) =>
      resource("aws_route_table.a", { route }, { configured: {}, actions: ["no-op"], before: { id: "rtb-1", route } });
    const of = (...others: ReturnType<typeof resource>[]) => internetEgress(inSubnets(["a"]), new Resources(others));
    expect(of(...subnet("a"), state(out))).toBeUndefined();
    expect(of(...subnet("a"), state({ cidr_block: "" }))).toBe(false);
    expect(of(...subnet("a"), state())).toBe(false);
    // A route resource explains it; one of another table doesn't.
    const route = (route_table_id: string) =>
      resource(
        "aws_route.out",
        { route_table_id, destination_cidr_block: "10.1.0.0/16" },
        { before: { route_table_id, destination_cidr_block: "0.0.0.0/0" } },
      );
    expect(of(...subnet("a"), state(out), route("rtb-1"))).toBe(false);
    expect(of(...subnet("a"), state(out), route("rtb-2"))).toBeUndefined();
    const destroyed = [{ address: "aws_route.out", type: "aws_route", before: route("rtb-1").before! }];
    expect(internetEgress(inSubnets(["a"]), new Resources([...subnet("a"), state(out)], destroyed))).toBe(false);
  });
});

describe("the endpoints that a service needs without a way out", () => {
  const always = ["ecr.api", "ecr.dkr", "s3", "logs"];

  it.each([
    [[], {}, []],
    [["/acme/cookie"], {}, ["ssm"]],
    [["arn:aws:ssm:eu-west-1:1:parameter/cookie"], {}, ["ssm"]],
    [["arn:aws:secretsmanager:eu-west-1:1:secret:db"], {}, ["secretsmanager"]],
    [["/acme/cookie", "arn:aws:secretsmanager:eu-west-1:1:secret:db"], {}, ["ssm", "secretsmanager"]],
    [[], { enable_execute_command: true }, ["ssmmessages"]],
    [[], { enable_execute_command: false }, []],
  ])("with secrets %j and %j", (secrets, values, more) => {
    expect(neededEndpoints(service(values, secrets), new Resources([]))).toEqual([...always, ...more]);
  });

  it.each([
    ["ecs:UpdateTaskProtection", ["ecs"]],
    ["ecs:GetTaskProtection", []],
    // May do it, but nothing shows that it does.
    ["*", []],
  ])("with a task role that may %s", (action, more) => {
    const taskDefinition = resource("aws_ecs_task_definition.shop", { task_role_arn: ref("aws_iam_role.task", "arn") });
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: [action], Resource: "*" }] });
    const role = resource("aws_iam_role.task", { name: "task" });
    const resources = new Resources([
      role,
      resource("aws_iam_role_policy.task", { role: ref("aws_iam_role.task"), policy }),
    ]);
    expect(neededEndpoints({ ...service({}), taskDefinition }, resources)).toEqual([...always, ...more]);
  });

  it("are those of AWS's start alone where its containers aren't known", () => {
    const unknownContainers = { ...service({}), containers: { unknown: "a variable" } } as unknown as TaskSource;
    expect(neededEndpoints(unknownContainers, new Resources([]))).toEqual(always);
  });
});

describe("the endpoints that a plan has", () => {
  const endpoint = (name: string, service_name: Value) => resource(name, { service_name });

  it("are named by the end of their service, in any region, looked up or made", () => {
    const resources = new Resources([
      endpoint("aws_vpc_endpoint.a", "com.amazonaws.eu-west-1.ecr.api"),
      endpoint("aws_vpc_endpoint.b", "com.amazonaws.${data.aws_region.current.name}.s3"),
      endpoint("data.aws_vpc_endpoint.c", "com.amazonaws.eu-west-1.logs"),
      resource("aws_vpc.a", {}),
    ]);
    expect(presentEndpoints(resources)).toEqual(new Set(["ecr.api", "s3", "logs"]));
    expect(presentEndpoints(new Resources([]))).toEqual(new Set());
  });

  it("aren't known where one isn't", () => {
    const resources = [
      endpoint("aws_vpc_endpoint.a", "com.amazonaws.eu-west-1.s3"),
      endpoint("aws_vpc_endpoint.b", unknown),
    ];
    expect(presentEndpoints(new Resources(resources))).toBeUndefined();
  });
});
