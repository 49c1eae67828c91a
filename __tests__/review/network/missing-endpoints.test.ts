import { reviewPlan } from "../../../src/review/review";
import { all, found, isolated, network, put, set, type Block, type Edit } from "../edits";
import { goodLayout } from "../good-layout";
import { changeContainer } from "../layouts";

const id = "missing-vpc-endpoints";
const route = (values: Block, name = "out"): Edit =>
  all(isolated(), (layout) =>
    put(layout, "aws_route", name, { route_table_id: "${aws_route_table.private.id}", ...values }),
  );
const toWorld = { destination_cidr_block: "0.0.0.0/0" };
const messages = (edit: Edit) => found(edit, id).map(({ message }) => message);
const missing = "have no internet egress, and the VPC has no endpoint for ecr.api, ecr.dkr, s3, logs, ssm, ssmmessages";

describe("a default route leads out of private subnets", () => {
  it("and without one the endpoints are missing, those for secrets and ECS Exec too", () => {
    expect(messages(isolated())).toEqual(
      ["mail", "shop", "stock"].map((name) => expect.stringContaining(`${name}'s subnets ${missing}`)),
    );
  });

  it.each([
    ["a NAT gateway", { nat_gateway_id: "nat-1" }],
    ["a transit gateway", { transit_gateway_id: "tgw-1" }],
    ["a network interface", { network_interface_id: "eni-1" }],
    ["a peering connection", { vpc_peering_connection_id: "pcx-1" }],
    ["an endpoint, as of a gateway load balancer", { vpc_endpoint_id: "vpce-1" }],
  ])("to %s", (_, target) => {
    expect(messages(route({ ...toWorld, ...target }))).toEqual([]);
    const inline = all(
      isolated(),
      set("aws_route_table", "private", { route: [{ cidr_block: "0.0.0.0/0", ...target }] }),
    );
    expect(messages(inline)).toEqual([]);
  });

  it.each([
    ["to an internet gateway without public addresses", { ...toWorld, gateway_id: "igw-1" }],
    ["to a part of the world", { destination_cidr_block: "10.1.0.0/16", nat_gateway_id: "nat-1" }],
    ["for IPv6", { destination_ipv6_cidr_block: "::/0", nat_gateway_id: "nat-1" }],
    ["to nothing", toWorld],
  ])("but not one %s", (_, values) => {
    expect(messages(route(values))).toHaveLength(3);
  });

  it("to an internet gateway where tasks have public addresses", () => {
    const edit = all(route({ ...toWorld, gateway_id: "igw-1" }), network({ assign_public_ip: true }));
    expect(messages(edit)).toEqual(["mail", "stock"].map((name) => expect.stringContaining(`${name}'s subnets`)));
  });

  it("from every subnet of a service", () => {
    const half: Edit = all(route({ ...toWorld, nat_gateway_id: "nat-1" }), (layout) => {
      put(layout, "aws_route_table", "closed", { vpc_id: "${aws_vpc.main.id}" });
      Object.assign(layout.resource.aws_route_table_association!.two!, {
        route_table_id: "${aws_route_table.closed.id}",
      });
    });
    expect(messages(half)).toHaveLength(3);
  });

  it("unknown where a subnet's route table is outside the plan", () => {
    const edit: Edit = all(isolated(), (layout) => delete layout.resource.aws_route_table_association!.two);
    expect(messages(edit)).toEqual([]);
  });

  it("kms too, where the ECS cluster encrypts sessions with a key", () => {
    const withKey = (kms_key_id?: string): Edit =>
      all(isolated("ecr.api", "ecr.dkr", "s3", "logs", "ssm", "ssmmessages"), (layout) => {
        const configuration = {
          execute_command_configuration: { ...(kms_key_id && { kms_key_id }), logging: "DEFAULT" },
        };
        layout.resource.aws_ecs_cluster!.main!.configuration = configuration;
        layout.resource.aws_ecs_service!.shop!.cluster = "${aws_ecs_cluster.main.arn}";
      });
    expect(messages(withKey("${aws_kms_key.sessions.arn}"))).toContainEqual(
      expect.stringMatching(/^shop.* no endpoint for kms$/),
    );
    expect(messages(withKey())).toEqual([]);
  });

  it("which needs no endpoint, and each endpoint counts where there is none", () => {
    expect(messages(isolated("ecr.api", "ecr.dkr", "s3", "logs", "ssm", "ssmmessages"))).toEqual([]);
    expect(messages(isolated("ecr.api", "ecr.dkr", "s3", "logs", "ssm"))[0]).toMatch(/no endpoint for ssmmessages$/);
    expect(reviewPlan(goodLayout()).findings).toEqual([]);
  });
});

describe("an image behind endpoints", () => {
  const endpoints = ["ecr.api", "ecr.dkr", "s3", "logs", "ssm", "ssmmessages"];
  const images = (image: string, region?: string) =>
    found(
      all(isolated(...endpoints), (layout) => {
        changeContainer(layout, "shop", (shop) => (shop.image = image));
        if (region) Object.assign(layout, { provider: { aws: [{ region }] } });
      }),
      "image-beyond-vpc",
    ).map(({ severity, message }) => [severity, message]);
  const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1";

  it("is in ECR of the same region", () => {
    expect(images(ecr)).toEqual([]);
    expect(images(ecr, "eu-west-1")).toEqual([]);
    expect(images("${aws_ecr_repository.shop.repository_url}:1", "eu-west-1")).toEqual([]);
    expect(images(ecr, "eu-central-1")).toContainEqual([
      "error",
      expect.stringContaining("isn't in ECR of eu-central-1"),
    ]);
    expect(images("public.ecr.aws/acme/shop:1")).toEqual([
      ["error", expect.stringContaining("public.ecr.aws/acme/shop:1")],
    ]);
  });

  it("is unknown where only apply knows it", () => {
    expect(images("${var.shop_image}", "eu-west-1")).toEqual([
      [
        "note",
        "shop's subnets have no internet egress, and whether its image ${var.shop_image} is in ECR of eu-west-1 is unknown before apply",
      ],
    ]);
  });
});
