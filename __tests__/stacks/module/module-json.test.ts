import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../../src/environment";
import { maxNameLength, moduleFiles, moduleJson, writeModule } from "../../../src/stacks/module";
import { exampleFile, exampleNames } from "../../examples";
import { notEmpty } from "../../not-empty";
import { scratchFolder } from "../../scratch";
import { environmentsIn, writeModuleOf } from "./written-module";

const cases = exampleNames.flatMap((name) =>
  environmentsIn(exampleFile(name)).map((environment) => [name, environment]),
);
const web = JSON.parse(readFileSync(exampleFile("phoenix-on-the-web"), "utf8")) as { prod: object };

/** The module of an environment of examples/phoenix-on-the-web, with other options. */
function moduleOf(options: object) {
  const text = JSON.stringify({ prod: { ...web.prod, ...options } });
  return moduleJson("prod", parseEnvironments(text, "environments.json").prod!, 32);
}

const service = { image: { variable: "shop_image" }, tasks: 2 };

describe.each(cases)("the module of examples/%s, %s", (example, environment) => {
  const folder = path.join(scratchFolder("module"), "shop");
  const json = writeModuleOf(exampleFile(example), environment, folder);
  const text = readdirSync(folder)
    .map((file) => readFileSync(path.join(folder, file), "utf8"))
    .join("");

  it("has neither backend nor provider, and a range of provider versions", () => {
    expect(Object.keys(json.main)).not.toContain("provider");
    expect(Object.keys(json.versions.terraform)).toEqual(["required_version", "required_providers"]);
    for (const provider of notEmpty(Object.values(json.versions.terraform.required_providers))) {
      expect(provider).toEqual({ source: "hashicorp/aws", version: expect.stringMatching(/^>= .*, < /) });
    }
  });

  it("has a real expression for each variable", () => {
    expect(text).not.toMatch(/[\uE000\uE001]|\$\$\{(var|local)\.|"(var|local)\./);
    for (const variable of notEmpty(Object.keys(json.variables))) {
      expect([variable, new RegExp(`\\bvar\\.${variable}\\b`).test(text)]).toEqual([variable, true]);
    }
  });

  it("documents each variable and output", () => {
    const readme = readFileSync(path.join(folder, "README.md"), "utf8");
    const outputs = Object.entries(json.outputs).filter(([, { description }]) => description !== undefined);
    for (const name of notEmpty([...Object.keys(json.variables), ...outputs.map(([output]) => output)])) {
      expect(readme).toContain(`\n| \`${name}\` | `);
    }
  });

  it("is the same when it is written again", () => {
    const before = text;
    const again = writeModule(folder, moduleFiles(folder, json));
    expect(again).toEqual([]);
    writeModuleOf(exampleFile(example), environment, folder);
    expect(
      readdirSync(folder)
        .map((file) => readFileSync(path.join(folder, file), "utf8"))
        .join(""),
    ).toBe(before);
  });
});

describe("a module", () => {
  it("takes from variables what two instances must not share", () => {
    const { main } = moduleOf({});
    const names = (type: string, attribute = "name") =>
      Object.values(main.resource[type]!).map((block) => block[attribute]);
    expect(names("aws_ecs_cluster")).toEqual(["${var.ecs_cluster}"]);
    expect(names("aws_service_discovery_private_dns_namespace")).toEqual(["${var.namespace}"]);
    expect(names("aws_ecs_task_definition", "family")).toEqual(["${var.name}-shop"]);
    expect(names("aws_route53_record")).toContain("${local.shop_host}.${var.zone}");
    expect(names("aws_lb")).toEqual([
      '${replace(substr("${var.name}-load-balancer", 0, 23), "/-+$/", "")}-${substr(sha256("${var.name}-load-balancer 154554261"), 0, 8)}',
    ]);
  });

  it("runs in the region of its provider", () => {
    const { main } = moduleOf({});
    const [definition] = Object.values(main.resource.aws_ecs_task_definition!);
    expect(definition!.container_definitions).toContain('"awslogs-region":"${data.aws_region.region.id}"');
    expect(main.data.aws_region).toEqual({ region: {} });
  });

  it("sets the tags that a stack's provider would set", () => {
    const { main } = moduleOf({ tags: { team: "a" } });
    expect((main.locals as { tags: string }).tags).toBe(
      '${merge({"Environment":"${var.name}","ManagedBy":"terraform","team":"a"}, var.tags)}',
    );
    const [group] = Object.values(main.resource.aws_security_group!);
    expect(group!.tags).toMatch(/^\$\{merge\(local\.tags, \{"Name":"\$\{var\.name\}-/);
    expect(Object.values(main.resource.aws_iam_role!)[0]!.tags).toBe("${local.tags}");
  });

  it("takes images from variables: a URI is the default, and a build has none", () => {
    const { variables, main } = moduleOf({
      loadBalancer: undefined,
      services: {
        built: { image: { build: "." } },
        named: { image: { uri: "ghcr.io/acme/shop:1" } },
        alike: { image: { uri: "ghcr.io/acme/shop:1" } },
      },
    });
    expect(Object.keys(variables).filter((name) => name.endsWith("_image"))).toEqual(["built_image", "named_image"]);
    expect(variables.built_image).not.toHaveProperty("default");
    expect(variables.named_image).toHaveProperty("default", "ghcr.io/acme/shop:1");
    expect(main).not.toHaveProperty("removed");
    expect(Object.keys(main.resource)).not.toContain("docker_image");
  });

  it("limits the tasks of a service that polls with stock DNSPoll to those that were checked", () => {
    const { variables } = moduleOf({
      loadBalancer: undefined,
      services: {
        polls: { ...service, discovery: "dnspoll", tasks: 4 },
        scaled: { ...service, tasks: { max: 5, cpuPercent: 60 } },
      },
    });
    expect(variables.polls_tasks!.validation![0]!.condition).toContain("var.polls_tasks <= 4");
    expect(variables.scaled_tasks_max!.validation![0]!.condition).not.toContain("<=");
    expect([variables.scaled_tasks_min!.default, variables.scaled_tasks_max!.default]).toEqual([1, 5]);
  });

  it("has a priority for each rule on a listener of somebody else", () => {
    const existing = {
      listenerArn:
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/a/0123456789abcdef/0123456789abcdef",
      securityGroupId: "sg-0123456789abcdef0",
    };
    const { variables, main } = moduleOf({ loadBalancer: { existing } });
    expect(variables.shop_priority).toMatchObject({ type: "number", default: expect.any(Number) });
    const [rule] = Object.values(main.resource.aws_lb_listener_rule!);
    expect(rule!.priority).toBe("${var.shop_priority}");
  });

  it("keeps the form of a secret's name, which decides how a plan finds it", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/shop-AbCdEf";
    const { variables, main } = moduleOf({
      loadBalancer: undefined,
      services: { shop: { ...service, secrets: { API_KEY: { secretsManager: arn } } } },
    });
    expect(variables.shop_api_key_secret!.validation![0]!.condition).toBe(
      '${startswith(var.shop_api_key_secret, "arn:")}',
    );
    const [definition] = Object.values(main.resource.aws_ecs_task_definition!);
    expect(definition!.container_definitions).toContain(
      '{"name":"API_KEY","valueFrom":"arn:${local.shop_api_key_secret}"}',
    );
  });

  it("rejects two variables of one name", () => {
    expect(() => moduleOf({ services: { shop: { ...service, image: { variable: "tags" } } } })).toThrow(
      'The module would have two variables "tags"',
    );
  });

  it("lists names that no variable changes", () => {
    const names = { resources: "shop-{service}" };
    expect(moduleFiles("shop", moduleOf({ names }))["README.md"]).toContain("- `aws_iam_role` `shop-shop-task`");
    expect(moduleFiles("shop", moduleOf({}))["README.md"]).not.toContain("are the same in every instance");
  });
});

describe("maxNameLength", () => {
  const text = (name: string) =>
    JSON.stringify({ prod: { ...web.prod, services: { [name]: { ...service } }, loadBalancer: undefined } });

  it("is the environment name's own limit where names are short, and less where a role's would be too long", () => {
    expect(maxNameLength(text("shop"), "prod")).toBe(32);
    expect(maxNameLength(text("a-service-with-a-long-name"), "prod")).toBeLessThan(32);
  });
});

describe("writeModule", () => {
  it("writes nothing where a file is of somebody else", () => {
    const folder = path.join(scratchFolder("module"), "shop");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "README.md"), "# My own\n");
    const files = moduleFiles(folder, moduleOf({}));
    expect(() => writeModule(folder, files)).toThrow(/^Nothing was written: this command didn't write .*README\.md/);
    expect(readdirSync(folder)).toEqual(["README.md"]);
    expect(existsSync(path.join(folder, "main.tf.json"))).toBe(false);
  });

  it("leaves other files of the folder alone", () => {
    const folder = scratchFolder("module");
    writeFileSync(path.join(folder, "extra.tf"), "# mine\n");
    writeModule(folder, moduleFiles(folder, moduleOf({})));
    expect(readFileSync(path.join(folder, "extra.tf"), "utf8")).toBe("# mine\n");
  });
});
