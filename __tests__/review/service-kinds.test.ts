import { renderTerminal } from "../../src/review/render/terminal";
import { reviewPlan } from "../../src/review/review";
import { set, type Edit } from "./edits";
import { pairsOf } from "./fixtures";
import { goodLayout, type ContainerJson, type Layout } from "./good-layout";
import { changedPlan } from "./planned";

const reviewed = (edit: Edit, notNodes: readonly string[] = []) => {
  const layout = goodLayout();
  edit(layout);
  return reviewPlan(layout, { notNodes });
};
/** Replaces shop's containers; gives the one it has. */
const containers =
  (make: (shop: ContainerJson) => object[]): Edit =>
  (layout) => {
    const definition = layout.resource.aws_ecs_task_definition!.shop!;
    const [shop] = JSON.parse(definition.container_definitions as string) as [ContainerJson];
    definition.container_definitions = JSON.stringify(make(shop));
  };
const node = (edit: Edit) => {
  const { services, assumptions } = reviewed(edit);
  return [services.find(({ name }) => name === "shop")!.node?.name, assumptions.filter((said) => /^shop/.test(said))];
};

describe("the node's container", () => {
  const cookie = { name: "RELEASE_COOKIE", valueFrom: "/organization/release-cookie" };

  it.each<[string, (shop: ContainerJson) => object[], string]>([
    [
      "is not one that must succeed before it, with the same secrets",
      (shop) => [
        { name: "migrate", essential: false, command: ["eval", "X"], secrets: [cookie] },
        { ...shop, dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }] },
      ],
      "shop: its node is container shop, which starts after migrate",
    ],
    [
      "is not one that must end before it, which has all of its environment and is essential",
      (shop) => [
        { ...shop, name: "migrate" },
        { ...shop, dependsOn: [{ containerName: "migrate", condition: "COMPLETE" }] },
      ],
      "shop: its node is container shop, which starts after migrate",
    ],
    [
      "is not a migration that nothing waits for",
      (shop) => [{ ...shop, name: "migrate", essential: false, command: ["bin/shop", "eval", "X"] }, shop],
      "shop: its node is container shop; migrate is left out",
    ],
    [
      "is not a sidecar",
      (shop) => [{ name: "datadog-agent", image: "datadog/agent:7" }, shop, { name: "proxy", image: "envoy:1" }],
      "shop: its node is container shop; datadog-agent, proxy are left out",
    ],
    [
      "is the one that shows more of a node",
      (shop) => [{ name: "worker", secrets: [cookie] }, shop],
      "shop: its node is container shop; worker is left out",
    ],
  ])("%s", (_, make, said) => {
    expect(node(containers(make))).toEqual(["shop", [said]]);
  });

  it("is a migration's, where there is nothing else", () => {
    expect(node(containers((shop) => [{ ...shop, essential: false, command: ["eval", "X"] }]))).toEqual(["shop", []]);
  });
});

describe("a service that isn't a node", () => {
  const postgres = containers(() => [{ name: "database", image: "public.ecr.aws/docker/library/postgres:16.4" }]);

  it("is left out where the user names it, by name or address, and is listed", () => {
    for (const name of ["mail", "aws_ecs_service.mail"]) {
      const review = reviewed(() => undefined, [name]);
      expect(review.matrix.services.map((service) => service.name)).toEqual(["shop", "stock"]);
      expect(String(renderTerminal([review]))).toContain("left out: aws_ecs_service.mail (--not-a-node names it)");
    }
  });

  it("is left out as a well-known server where no other service shows that it is a node", () => {
    const review = reviewed((layout: Layout) => {
      postgres(layout);
      for (const name of ["stock", "mail"])
        layout.resource.aws_ecs_task_definition![name]!.container_definitions = JSON.stringify([{ name, image: name }]);
    });
    expect(review.matrix.services.map(({ name }) => name)).toEqual(["mail", "stock"]);
    expect(review.others).toEqual([
      { address: "aws_ecs_service.shop", because: "it runs public.ecr.aws/docker/library/postgres:16.4" },
    ]);
  });

  it("is not left out while its containers aren't known", () => {
    const review = reviewed(set("aws_ecs_task_definition", "shop", { container_definitions: "${var.containers}" }));
    expect(review.others).toEqual([]);
  });
});

describe("services that ECS doesn't run as the others", () => {
  it.each([
    ["without", undefined],
    ["with", { subnets: ["${aws_subnet.one.id}"], security_groups: ["${aws_security_group.shop.id}"] }],
  ])("names EC2's network modes, and leaves the packets unknown, %s a network configuration", (_, network) => {
    const review = reviewed((layout) => {
      Object.assign(layout.resource.aws_ecs_service!.shop!, { network_configuration: network });
      Object.assign(layout.resource.aws_ecs_service!.shop!, { launch_type: "EC2" });
      Object.assign(layout.resource.aws_ecs_task_definition!.shop!, { network_mode: "host" });
    });
    const [state, reason] = pairsOf(review)["shop→shop"]!;
    expect(state).toBe("unknown");
    expect(reason).toBe(
      '4369 out of shop: network mode "host" has no security groups of its own: those of the container instances count, which a plan doesn\'t name',
    );
    expect(review.assumptions).toContain(
      'shop: EC2 with network mode "host": its tasks have no address and no security groups of their own, so its packets can\'t be reviewed',
    );
  });

  it("names CodeDeploy, which runs all new tasks next to all old ones whatever the percentages are", () => {
    const review = reviewed(
      set("aws_ecs_service", "shop", {
        deployment_controller: { type: "CODE_DEPLOY" },
        desired_count: 5,
        deployment_maximum_percent: 100,
      }),
    );
    expect(review.stability.find(({ service }) => service.name === "shop")).toMatchObject({ whileDeploying: 10 });
    expect(review.assumptions.join()).toContain("shop: deployed by CodeDeploy (CODE_DEPLOY)");
  });

  it.each([
    ["mail", 7, true],
    ["mail", 1, false],
    // Its definition is replaced in this plan, and ignore_changes keeps the old one.
    ["shop", 1, true],
  ] as const)("names a revision that the plan doesn't have: %s pins %s", (name, revision, isNamed) => {
    const arn = `arn:aws:ecs:eu-west-1:123456789012:task-definition/${name}:${revision}`;
    const review = reviewPlan(
      changedPlan((_, at) => {
        const { after, after_unknown } = at(`aws_ecs_service.${name}`);
        after!.task_definition = arn;
        delete after_unknown!.task_definition;
      }),
    );
    const assumption = `${name}: runs revision ${revision} of its task definition, which isn't in this plan: its containers are those of aws_ecs_task_definition.${name}`;
    expect(review.assumptions).toEqual(isNamed ? [assumption] : []);
  });

  it.each(["BLUE_GREEN", "LINEAR", "CANARY"])("counts ECS's own %s the same way", (strategy) => {
    const review = reviewed(
      set("aws_ecs_service", "shop", { deployment_configuration: { strategy }, deployment_maximum_percent: 100 }),
    );
    expect(review.stability.find(({ service }) => service.name === "shop")).toMatchObject({ whileDeploying: 4 });
  });

  it("names an external controller, whose task sets have the rest", () => {
    const review = reviewed((layout) => {
      const shop = layout.resource.aws_ecs_service!.shop!;
      for (const name of ["network_configuration", "task_definition", "service_registries"]) delete shop[name];
      shop.deployment_controller = { type: "EXTERNAL" };
    });
    expect(review.assumptions.join()).toContain("shop: deployed by an EXTERNAL controller");
    expect(pairsOf(review)["shop→shop"]).toContain(
      "4369 out of shop: its task sets have the network configuration (EXTERNAL controller)",
    );
  });

  it("names an Express service for what it is", () => {
    const review = reviewed((layout) => {
      layout.resource.aws_ecs_express_gateway_service = { web: { primary_container: { image: "web:1" } } };
    });
    expect(String(renderTerminal([review]))).toContain(
      "left out: aws_ecs_express_gateway_service.web (it is an ECS Express service:",
    );
  });
});
