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

describe("a service whose tasks are in two groups, one of which a deployment deletes", () => {
  const mail = (edit: Edit) =>
    found("deployment-parts-nodes", (plan, at) => {
      const [block] = at("aws_ecs_service.mail").before!.network_configuration as [{ security_groups: unknown[] }];
      block.security_groups.push(at("aws_security_group.stock").before!.id);
      edit(plan, at);
    }).filter((said) => said.startsWith("warning aws_ecs_service.mail"));

  it("is parted where no rule opens the new group to the other, or the other way round", () => {
    expect(mail(() => undefined)).toEqual([
      expect.stringContaining("old and new tasks of mail are two clusters until the deployment ends"),
    ]);
    const anywhere: Edit = (_, at) => {
      const rules = ["ingress_rule.mail_from_mail", "egress_rule.stock_to_stock"];
      for (const rule of rules.flatMap((each) => [`${each}_epmd`, `${each}_range`])) {
        const { after, after_unknown } = at(`aws_vpc_security_group_${rule}`);
        delete after_unknown!.referenced_security_group_id;
        Object.assign(after!, { referenced_security_group_id: null, cidr_ipv4: "0.0.0.0/0" });
      }
    };
    expect(mail(anywhere)).toEqual([]);
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
      `warning ${mail}: ${mail} is deleted before the services move that run in it, unless it was created with create_before_destroy: aws_ecs_service.mail`,
    ],
    [
      "is an error for one that the service has after the apply too, whenever it goes",
      (plan, at) => {
        actions(mail, "create", "delete")(plan, at);
        const { before, after, after_unknown } = at("aws_ecs_service.mail");
        after!.network_configuration = before!.network_configuration;
        delete after_unknown!.network_configuration;
      },
      `error ${mail}: ${mail} is deleted, and these use it after the apply too: aws_ecs_service.mail`,
    ],
    ["is nothing for one that goes last", actions(mail, "create", "delete"), undefined],
    [
      "is nothing for the group that an earlier apply failed to delete: it goes last",
      (plan, at) => {
        actions(mail, "no-op")(plan, at);
        const { before } = at(mail);
        const change = { actions: ["delete"], before: before! };
        const deposed = {
          address: mail,
          mode: "managed",
          type: "aws_security_group",
          name: "mail",
          deposed: "1a2b3c4d",
        };
        plan.resource_changes.push({ ...deposed, change });
      },
      undefined,
    ],
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

  it.each<[string, boolean, string]>([
    ["is an error for a namespace that its services stay in", false, "and these use it after the apply too"],
    [
      "is a warning for a namespace that its services leave",
      true,
      "while it holds services, which Cloud Map refuses, unless it was created with create_before_destroy",
    ],
  ])("%s", (_, leave, said) => {
    const main = "aws_service_discovery_private_dns_namespace.main";
    const services = ["mail", "shop"].map((name) => `aws_service_discovery_service.${name}`);
    const edit: Edit = (plan, at) => {
      actions(main, "delete")(plan, at);
      if (leave) for (const service of services) at(service).after!.dns_config = [];
    };
    const comma = leave ? "" : ",";
    expect(used(edit).filter((each) => each.includes(main))).toEqual([
      `${leave ? "warning" : "error"} ${main}: ${main} is deleted${comma} ${said}: ${services.join(", ")}`,
    ]);
  });
});

describe("what else AWS doesn't delete while it is used", () => {
  const mail = "aws_security_group.mail";
  /** A resource of the state before, which the plan changes. */
  const having =
    (type: string, before: object, edit: Edit = () => undefined): Edit =>
    (plan, at) => {
      edit(plan, at);
      const id = at(mail).before!.id;
      const text = JSON.stringify(before).replaceAll("GROUP", String(id));
      const change = { actions: ["update"], before: JSON.parse(text) as Record<string, unknown>, after: {} };
      plan.resource_changes.push({ address: `${type}.user`, mode: "managed", type, name: "user", change });
    };
  const deleted =
    (address: string, before: Record<string, unknown>): Edit =>
    (plan) => {
      const [type, name] = address.split(".") as [string, string];
      const change = { actions: ["delete", "create"], before, after: {} };
      plan.resource_changes.push({ address, mode: "managed", type, name, change });
    };
  const said = (edit: Edit) => found("deleted-while-used", edit).filter((each) => each.includes(".user"));
  const target = "aws_lb_target_group.web";
  const targets = deleted(target, { arn: "arn:web" });

  it.each<[string, Edit, string]>([
    [
      "a group of a load balancer",
      having("aws_lb", { security_groups: ["GROUP"] }),
      `error ${mail}: ${mail} is deleted before the load balancers move that have it: aws_lb.user`,
    ],
    [
      "a group that another group's rule names",
      having("aws_vpc_security_group_ingress_rule", {
        security_group_id: "sg-other",
        referenced_security_group_id: "GROUP",
      }),
      `error ${mail}: ${mail} is deleted before the rules of other groups that name it: aws_vpc_security_group_ingress_rule.user`,
    ],
    [
      "a target group of a listener",
      having("aws_lb_listener", { default_action: [{ target_group_arn: "arn:web" }] }, targets),
      `error ${target}: ${target} is deleted before the listeners move that forward to it: aws_lb_listener.user`,
    ],
    [
      "a target group of a listener's rule",
      having("aws_lb_listener_rule", { action: [{ target_group_arn: "arn:web" }] }, targets),
      `error ${target}: ${target} is deleted before the listener rules move that forward to it: aws_lb_listener_rule.user`,
    ],
  ])("%s", (_, edit, message) => {
    expect(said(edit)).toEqual([message]);
  });

  it("doesn't count a group's own rule, and a listener that forwards elsewhere", () => {
    expect(
      said(
        having("aws_vpc_security_group_ingress_rule", {
          security_group_id: "GROUP",
          referenced_security_group_id: "GROUP",
        }),
      ),
    ).toEqual([]);
    expect(said(having("aws_lb_listener", { default_action: [{ target_group_arn: "arn:x" }] }, targets))).toEqual([]);
  });

  it("a repository that may hold images, unless it has force_delete", () => {
    const repository = (before: Record<string, unknown>) =>
      found("deleted-while-used", deleted("aws_ecr_repository.app", before)).filter((each) => each.includes("ecr"));
    expect(repository({})).toEqual([
      "warning aws_ecr_repository.app: aws_ecr_repository.app is deleted without force_delete, which ECR refuses while it contains images",
    ]);
    expect(repository({ force_delete: true })).toEqual([]);
  });
});

describe("a name that another resource has", () => {
  type Values = Record<string, unknown>;
  const change =
    (address: string, actions: string[], before: Values | undefined, after: Values | undefined): Edit =>
    (plan) => {
      const [type, name] = address.split(".") as [string, string];
      const values = { ...(before && { before }), ...(after && { after }) };
      plan.resource_changes.push({ address, mode: "managed", type, name, change: { actions, ...values } });
    };
  const taken = (...edits: Edit[]) => found("name-taken", (plan, at) => edits.forEach((edit) => edit(plan, at)));
  const [namespace, vpc] = [{ dns_config: [{ namespace_id: "ns-1" }] }, { vpc_id: "vpc-1" }];

  it.each<[string, Values, Values]>([
    ["aws_alb", {}, {}],
    ["aws_alb_target_group", {}, {}],
    ["aws_cloudwatch_log_group", {}, {}],
    ["aws_ecr_repository", {}, {}],
    ["aws_ecs_cluster", {}, {}],
    ["aws_ecs_service", { cluster: "arn:aws:ecs:eu-west-1:123456789012:cluster/c" }, { cluster: "c" }],
    ["aws_iam_role", {}, {}],
    ["aws_lb", {}, {}],
    ["aws_lb_target_group", {}, {}],
    ["aws_security_group", vpc, vpc],
    ["aws_service_discovery_private_dns_namespace", { vpc: "vpc-1" }, { vpc: "vpc-1" }],
    ["aws_service_discovery_service", namespace, namespace],
  ])("%s: is an error where one is deleted and another created, or it is created first", (type, before, after) => {
    const [old, next] = [
      { name: "web", ...before },
      { name: "web", ...after },
    ];
    expect(
      taken(change(`${type}.old`, ["delete"], old, undefined), change(`${type}.new`, ["create"], undefined, next)),
    ).toEqual([
      `error ${type}.new: ${type}.new is created as web, and ${type}.old is deleted with that name in the same apply`,
    ]);
    expect(taken(change(`${type}.web`, ["create", "delete"], old, next))).toEqual([
      `error ${type}.web: ${type}.web is created as web before the old one of that name is deleted`,
    ]);
    expect(taken(change(`${type}.web`, ["delete", "create"], old, next))).toEqual([]);
    expect(taken(change(`${type}.web`, ["create", "delete"], old, { ...next, name: "web2" }))).toEqual([]);
  });

  it.each<[string, Values, Values]>([
    ["aws_ecs_service", { cluster: "c" }, { cluster: "d" }],
    ["aws_security_group", vpc, { vpc_id: "vpc-2" }],
    ["aws_service_discovery_private_dns_namespace", { vpc: "vpc-1" }, { vpc: "vpc-2" }],
    ["aws_service_discovery_service", namespace, { dns_config: [{ namespace_id: "ns-2" }] }],
    // Known after apply.
    ["aws_security_group", vpc, {}],
    ["aws_service_discovery_service", namespace, {}],
    // No name that has to be unique.
    ["aws_vpc", {}, {}],
    ["constructor", {}, {}],
  ])("%s: is nothing where it is another name, or unknown: %j → %j", (type, before, after) => {
    const [old, next] = [
      { name: "web", ...before },
      { name: "web", ...after },
    ];
    expect(taken(change(`${type}.web`, ["create", "delete"], old, next))).toEqual([]);
  });

  it("is an error for a target group of another VPC, whose name stays where the VPC is found by tags", () => {
    const group = (vpc_id?: string) => ({ name: "prod-shop-0a1b2c3d", port: 4000, ...(vpc_id && { vpc_id }) });
    const address = "aws_lb_target_group.shop";
    const another = change(address, ["create", "delete"], group("vpc-1"), group());
    const message = `error ${address}: ${address} is created as prod-shop-0a1b2c3d before the old one of that name is deleted`;
    expect(taken(another)).toEqual([message]);
    expect(taken(change(address, ["create", "delete"], group("vpc-1"), group("vpc-2")))).toEqual([message]);
    expect(taken(change(address, ["update"], group("vpc-1"), group("vpc-1")))).toEqual([]);
  });

  it("takes roles for one that differ in case alone, and none for one whose names are unknown", () => {
    const roles = (name?: string) => [
      change("aws_iam_role.old", ["delete"], { name: "Task" }, undefined),
      change("aws_iam_role.new", ["create"], undefined, { name }),
    ];
    expect(taken(...roles("task"))).toHaveLength(1);
    expect(taken(...roles())).toEqual([]);
    expect(taken(change("aws_iam_role.old", ["create", "delete"], {}, {}))).toEqual([]);
  });

  it("is nothing where the old one is left from an earlier apply", () => {
    const deposed: Edit = (plan, at) => {
      change("aws_iam_role.task", ["delete"], { name: "task" }, undefined)(plan, at);
      Object.assign(plan.resource_changes.at(-1)!, { deposed: "1a2b3c4d" });
    };
    expect(taken(deposed, change("aws_iam_role.other", ["create"], undefined, { name: "task" }))).toEqual([]);
  });

  it.each([[["create", "forget"]], [["forget", "create"]]])(
    "is an error where a replacement keeps it: %j",
    (actions) => {
      const role = "aws_iam_role.task";
      expect(taken(change(role, actions, { name: "task" }, { name: "task" }))).toEqual([
        `error ${role}: ${role} is created as task, and the old one stays in AWS with that name`,
      ]);
    },
  );

  it("is an error where the old one is forgotten and stays", () => {
    const role = "aws_iam_role";
    expect(
      taken(
        change(`${role}.old`, ["forget"], { name: "task" }, undefined),
        change(`${role}.new`, ["create"], undefined, { name: "task" }),
      ),
    ).toEqual([
      `error ${role}.new: ${role}.new is created as task, and ${role}.old stays in AWS with that name in the same apply`,
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

describe("a load balancer that the plan deletes", () => {
  const deleted = (actions: string[], enable_deletion_protection?: unknown) =>
    found("load-balancer-kept", (plan) => {
      const change = { actions, before: { security_groups: [], enable_deletion_protection } };
      plan.resource_changes.push({ address: "aws_lb.web", mode: "managed", type: "aws_lb", name: "web", change });
    });

  it.each([[["delete"]], [["delete", "create"]]])("must not have deletion protection: %j", (actions) => {
    const says = "error aws_lb.web: aws_lb.web is deleted while its deletion protection is on";
    expect(deleted(actions, true)).toEqual([says]);
    expect(deleted(actions, false)).toEqual([]);
    expect(deleted(actions)).toEqual([]);
  });

  it("may be updated", () => expect(deleted(["update"], true)).toEqual([]));
});
