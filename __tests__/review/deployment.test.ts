import { reviewPlan } from "../../src/review/review";
import type { ContainerJson } from "./good-layout";
import { changedPlan, repository } from "./planned";

type Edit = Parameters<typeof changedPlan>[0];
const found = (id: string, edit: Edit) =>
  reviewPlan(changedPlan(edit))
    .findings.filter(({ check }) => check.id === id)
    .map(({ severity, address, message }) => `${severity} ${address}: ${message}`);

describe("a deployment that parts old tasks from new ones", () => {
  const change =
    (edit: (container: ContainerJson) => void): Edit =>
    (_, at) => {
      const definition = at("aws_ecs_task_definition.shop");
      const [container] = JSON.parse(definition.before!.container_definitions as string) as [ContainerJson];
      edit(container);
      definition.after!.container_definitions = JSON.stringify([container]);
      definition.after_unknown = {
        ...definition.after_unknown,
        container_definitions: false,
      };
    };
  const variables = (values: Record<string, string>) =>
    change((container) => {
      const kept = container.environment.filter(({ name }) => !(name in values));
      container.environment = [...kept, ...Object.entries(values).map(([name, value]) => ({ name, value }))];
    });
  const shop = (edit: Edit) =>
    found("deployment-parts-nodes", edit).filter((said) => said.startsWith("warning aws_ecs_service.shop"));
  const onPort = (port: string) => ({
    DISTRIBUTION_MODE: "single-port",
    DISTRIBUTION_PORT_MIN: port,
    DISTRIBUTION_PORT_MAX: port,
  });
  const singlePort = onPort("9005");
  /** What shop ran with before. */
  const ran = (values: Record<string, string>, at: Parameters<Edit>[1]) => {
    const { before } = at("aws_ecs_task_definition.shop");
    const [container] = JSON.parse(before!.container_definitions as string) as [ContainerJson];
    for (const [name, value] of Object.entries(values))
      container.environment.find((variable) => variable.name === name)!.value = value;
    before!.container_definitions = JSON.stringify([container]);
  };
  /** The versions in the basenames of shop's old and new nodes, which look for their own. */
  const version =
    (old: string, now: string): Edit =>
    (_, at) => {
      const { before, after, ...definition } = at("aws_ecs_task_definition.shop");
      const [container] = JSON.parse(before!.container_definitions as string) as [ContainerJson];
      const named = (version: string) => {
        const nodes = `${version ? `shop-${version}` : "shop"}@shop.organization.local`;
        const kept = container.environment.filter(({ name }) => name !== "CLUSTER_NODES");
        const own = [
          { name: "CLUSTER_NODES", value: nodes },
          ...(version ? [{ name: "CLUSTER_VERSION", value: version }] : []),
        ];
        return JSON.stringify([{ ...container, environment: [...kept, ...own] }]);
      };
      before!.container_definitions = named(old);
      after!.container_definitions = named(now);
      Object.assign(definition.after_unknown!, { container_definitions: false });
    };
  const discovery = (at: Parameters<Edit>[1]) => at("aws_service_discovery_service.shop");
  /** Another name in Cloud Map, which shop polls from now on. */
  const renamed =
    (nodes: string): Edit =>
    (plan, at) => {
      variables({ CLUSTER_NODES: nodes })(plan, at);
      Object.assign(discovery(at), {
        actions: ["create", "delete"],
        after: { ...discovery(at).after, name: "store" },
      });
    };

  it.each<[string, Edit, string]>([
    [
      "its mode, on another port than the first of the range",
      variables(singlePort),
      "distribution mode epmd → single-port, and the single port isn't the first of the range",
    ],
    [
      "the single port",
      (plan, at) => {
        ran(onPort("9000"), at);
        variables(onPort("9001"))(plan, at);
      },
      "port 9000 → 9001, and without epmd a node takes its own port for everybody's",
    ],
    [
      "its DNS name",
      renamed("shop@store.organization.local"),
      "DNS name shop.organization.local → store.organization.local, and neither half looks for the other's",
    ],
    [
      "its basename",
      variables({
        RELEASE_NAME: "store",
        CLUSTER_NODES: "store@shop.organization.local",
      }),
      "basename shop@ → store@",
    ],
    ["apart to together", version("1_4_1", ""), "basename shop-1_4_1@ → shop@"],
    [
      "a variable of nodes whose versions run apart, and not the version",
      (plan, at) => {
        version("1_4_2", "1_4_2")(plan, at);
        change(({ secrets }) => (secrets[0]!.valueFrom += "-2"))(plan, at);
      },
      "the cookie comes from /organization/release-cookie-2 in place of /organization/release-cookie",
    ],
    [
      "its cookie's parameter",
      change(({ secrets }) => (secrets[0]!.valueFrom += "-2")),
      "the cookie comes from /organization/release-cookie-2 in place of /organization/release-cookie",
    ],
  ])("is named when it changes %s", (_, edit, why) => {
    expect(shop(edit)).toEqual([
      `warning aws_ecs_service.shop: old and new tasks of shop are two clusters until the deployment ends: ${why}`,
    ]);
  });

  it.each<[string, Edit]>([
    ["an image", change((container) => (container.image += "0"))],
    ["a range of ports that epmd tells and the rules let through", variables({ DISTRIBUTION_PORT_MIN: "9001" })],
    // The new tasks dial the port that the old ones listen on. The lab proves it: layouts-in-lab.test.ts.
    ["the mode, on the first port of the range", variables(onPort("9000"))],
    ["its DNS name, while it looks for both", renamed("shop@store.organization.local,shop@shop.organization.local")],
    [
      "its basename, while another service is looked for by both halves",
      (plan, at) => {
        variables({
          RELEASE_NAME: "store",
          CLUSTER_NODES: "store@shop.organization.local,stock@stock.organization.local",
        })(plan, at);
        at("aws_service_discovery_service.stock").after!.name = "stock";
      },
    ],
    ["the image's version in the basenames of a cluster whose versions run apart", version("1_4_1", "1_4_2")],
    ["together to apart", version("", "1_4_2")],
    [
      "the mode of a service that stops its old tasks first",
      (plan, at) => {
        variables(singlePort)(plan, at);
        Object.assign(at("aws_ecs_service.shop").after!, {
          deployment_maximum_percent: 100,
          deployment_minimum_healthy_percent: 0,
        });
      },
    ],
    [
      "the mode of one task that doesn't poll itself",
      (plan, at) => {
        variables({
          ...singlePort,
          CLUSTER_NODES: "stock@stock.organization.local",
        })(plan, at);
        at("aws_ecs_service.shop").after!.desired_count = 1;
      },
    ],
    [
      "what isn't known before apply",
      (_, at) => {
        const definition = at("aws_ecs_task_definition.shop");
        delete definition.after!.container_definitions;
        definition.after_unknown = {
          ...definition.after_unknown,
          container_definitions: true,
        };
      },
    ],
  ])("is none that changes %s", (_, edit) => {
    expect(shop(edit)).toEqual([]);
  });

  it("is one that replaces the security group, and none where rules by CIDR let both in", () => {
    const mail = (edit: Edit) => found("deployment-parts-nodes", edit).filter((said) => said.includes("tasks of mail"));
    expect(mail(() => undefined)).toEqual([
      "warning aws_ecs_service.mail: old and new tasks of mail are two clusters until the deployment ends: security group aws_security_group.mail is replaced by aws_security_group.mail, and no rule lets one into the other",
    ]);
    const open: Edit = (_, at) => {
      for (const rule of ["epmd", "range"]) {
        const { after, after_unknown } = at(`aws_vpc_security_group_ingress_rule.mail_from_mail_${rule}`);
        delete after_unknown!.referenced_security_group_id;
        Object.assign(after!, {
          referenced_security_group_id: null,
          cidr_ipv4: "0.0.0.0/0",
        });
      }
    };
    expect(mail(open)).toEqual([]);
  });
});

describe("what a plan deletes while tasks use it", () => {
  const used = (edit: Edit) => found("deleted-while-used", edit);
  const mail = "aws_security_group.mail";
  const stock = "aws_service_discovery_service.stock";
  const message = `${mail}: ${mail} is deleted before the services move that run in it: aws_ecs_service.mail`;
  const actions =
    (address: string, ...names: string[]): Edit =>
    (_, at) =>
      void (at(address).actions = names);

  it.each<[string, Edit, string | undefined]>([
    [
      "is an error for a group that goes before its replacement comes",
      actions(mail, "delete", "create"),
      `error ${message}`,
    ],
    [
      "is a warning for one that only goes: its state may say create_before_destroy",
      actions(mail, "delete"),
      `warning ${message}`,
    ],
    ["is nothing for one that goes last", actions(mail, "create", "delete"), undefined],
    ["is nothing where the service goes too", actions("aws_ecs_service.mail", "delete"), undefined],
    ["is nothing where the service is replaced", actions("aws_ecs_service.mail", "delete", "create"), undefined],
    [
      "is nothing where the service has no tasks",
      (_, at) => (at("aws_ecs_service.mail").before!.desired_count = 0),
      undefined,
    ],
  ])("%s", (_, edit, said) => {
    expect(used(edit).filter((each) => each.includes(mail))).toEqual(said === undefined ? [] : [said]);
  });

  it.each<[boolean, string]>([
    [
      true,
      `warning ${stock}: ${stock} is deleted with its records before the services move that register in it, and nobody finds their tasks until then: aws_ecs_service.stock`,
    ],
    [
      false,
      `error ${stock}: ${stock} is deleted before the services move that register in it, which Cloud Map refuses: aws_ecs_service.stock`,
    ],
  ])("counts for a Cloud Map service with force_destroy = %s", (force_destroy, said) => {
    const edit: Edit = (_, at) => (at(stock).before!.force_destroy = force_destroy);
    expect(used(edit).filter((each) => each.includes(stock))).toEqual([said]);
  });

  it("counts for a namespace that still has services", () => {
    const main = "aws_service_discovery_private_dns_namespace.main";
    expect(used(actions(main, "delete", "create")).filter((each) => each.includes(main))).toEqual([
      `error ${main}: ${main} is deleted while it holds services, which Cloud Map refuses: aws_service_discovery_service.mail, aws_service_discovery_service.shop`,
    ]);
  });
});

describe("an ECR repository that a plan deletes", () => {
  const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
  const deleted = (url: string, edit: Edit = () => undefined) =>
    found("image-repository-deleted", (plan, at) => {
      edit(plan, at);
      plan.resource_changes.push(repository(url));
    });

  it("is an error where a task definition names an image of it", () => {
    expect(deleted(`${registry}/stock`)).toEqual([
      "error aws_ecr_repository.shop: aws_ecr_repository.shop is deleted with the image that aws_ecs_task_definition.stock runs",
    ]);
  });

  it("is a warning where only the revision before did: the rollback needs it", () => {
    const elsewhere: Edit = (_, at) => {
      const { before, after } = at("aws_ecs_task_definition.shop");
      after!.container_definitions = String(before!.container_definitions).replaceAll(registry, "registry.example");
    };
    expect(deleted(`${registry}/shop`, elsewhere)).toEqual([
      "warning aws_ecr_repository.shop: aws_ecr_repository.shop is deleted with the image that aws_ecs_task_definition.shop ran until now",
    ]);
  });

  it("is nothing where no image, or none that is known, is of it", () => {
    expect(deleted(`${registry}/sto`)).toEqual([]);
    expect(deleted("")).toEqual([]);
  });
});
