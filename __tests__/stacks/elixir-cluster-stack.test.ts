import { all, the } from "../constructs/layout";
import { notEmpty } from "../not-empty";
import { findingsOf, service, stackJson, stackOf } from "./environment";

const variablesOf = (json: ReturnType<typeof stackJson>, service: string) => {
  const definition = all(json, "aws_ecs_task_definition").find(({ family }) => family === `prod-${service}`)!;
  const [container] = JSON.parse(definition.container_definitions as string) as [
    { environment: { name: string; value: string }[] },
  ];
  return Object.fromEntries(container.environment.map(({ name, value }) => [name, value]));
};

describe("ElixirClusterStack", () => {
  it("is what it was", () => {
    expect(stackJson()).toMatchSnapshot();
  });

  it("tags everything", () => {
    expect(stackJson({ tags: { team: "platform" } }).provider!.aws).toEqual([
      {
        region: "eu-west-1",
        default_tags: [{ tags: { Environment: "prod", ManagedBy: "terraform", team: "platform" } }],
      },
    ]);
  });

  it("takes the AWS provider that the environment asks for", () => {
    expect(stackJson({ awsProviderVersion: "~> 5.90" }).terraform!.required_providers).toMatchObject({
      aws: { version: "~> 5.90" },
    });
  });

  it("needs the docker provider for build alone", () => {
    expect(stackJson().terraform!.required_providers).toEqual({
      aws: { source: "aws", version: ">= 5.100.0, < 7.0.0" },
    });
    const built = stackJson({ services: { myapp: { image: { build: "elixir-app" } } } });
    expect(built.terraform!.required_providers).toHaveProperty("docker");
  });

  it("puts out what an operator needs", () => {
    const { services } = stackJson().output as unknown as { services: { value: Record<string, object> } };
    expect(services.value.myapp).toEqual({
      service: "myapp",
      security_group_id: expect.stringMatching(/^\$\{aws_security_group\.services_myapp_[\w-]+\.id\}$/),
      dns_name: "myapp.organization.local",
      log_group: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.services_myapp_[\w-]+\.name\}$/),
      console:
        "aws ecs execute-command --interactive --region eu-west-1 --cluster my-cluster --task TASK_ID " +
        "--container myapp --command 'bin/myapp remote'",
    });
  });

  it("puts out no console where ECS Exec is off", () => {
    const services = { myapp: { image: { build: "elixir-app" }, executeCommand: false } };
    const { output } = stackJson({ services }) as unknown as { output: { services: { value: { myapp: object } } } };
    expect(output.services.value.myapp).not.toHaveProperty("console");
  });

  it("makes each node poll for its own service and its peers, in both directions", () => {
    const json = stackJson();
    expect(variablesOf(json, "myapp").CLUSTER_NODES).toBe(
      "myapp@myapp.organization.local,myapp2@myapp2.organization.local",
    );
    expect(variablesOf(json, "myapp2").CLUSTER_NODES).toBe(
      "myapp2@myapp2.organization.local,myapp@myapp.organization.local",
    );
  });

  it("has one namespace and one cluster for all", () => {
    expect(the(stackJson(), "aws_service_discovery_private_dns_namespace")).toBeDefined();
    expect(the(stackJson(), "aws_ecs_cluster", "data")).toBeDefined();
  });

  it.each(["network", "namespace", "docker", "aws", "clusters", "egress", "secrets", "shared", "services", "region"])(
    "takes a service that is called %s",
    (name) => {
      const stack = stackOf({ services: { [name]: service({ image: { build: "elixir-app" } }) } });
      expect(findingsOf(stack).errors).toEqual([]);
      expect([...stack.services.keys()]).toEqual([name]);
    },
  );

  it("reads a parameter once, however many services take it", () => {
    const secrets = { API_KEY: { ssmParameter: "/my-org/api-key" } };
    const json = stackJson({ services: { a: service({ secrets }), b: service({ secrets }) } });
    expect(all(json, "aws_ssm_parameter", "data").map(({ name }) => name)).toEqual([
      "/my-org/api-key",
      "/my-org/prod/release-cookie",
    ]);
  });

  it("keeps parameters apart whose names read alike", () => {
    const secrets = { ONE: { ssmParameter: "/a/b-c" }, TWO: { ssmParameter: "/a-b/c" } };
    const json = stackJson({ services: { myapp: service({ secrets }) } });
    expect(
      all(json, "aws_ssm_parameter", "data")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["/a-b/c", "/a/b-c", "/my-org/prod/release-cookie"]);
    const [first, second] = (
      JSON.parse(the(json, "aws_ecs_task_definition").container_definitions as string) as [
        { secrets: { name: string; valueFrom: string }[] },
      ]
    )[0].secrets;
    expect(first!.valueFrom).not.toBe(second!.valueFrom);
  });

  it("closes the distribution ports of all its services and peers to untrusted nodes", () => {
    const json = stackJson({
      peers: {
        billing: {
          cluster: "web",
          node: "billing@billing.other.local",
          securityGroup: { id: "sg-0abc1234" },
          distribution: { epmd: { from: 9300, to: 9310 } },
        },
      },
      services: {
        a: service({ cluster: "web" }),
        b: service({ distribution: { epmd: { from: 9100, to: 9105 } } }),
      },
    });
    const ranges = all(json, "aws_vpc_security_group_egress_rule")
      .filter(
        (rule) =>
          String(rule.security_group_id).includes("aws_security_group.egress_") &&
          rule.cidr_ipv4 &&
          rule.ip_protocol === "tcp",
      )
      .map(({ from_port, to_port }) => `${String(from_port)}-${String(to_port)}`);
    expect(ranges.sort()).toEqual(["0-4368", "4370-8999", "9011-9099", "9106-9299", "9311-65535"].sort());
  });
});

describe("an error has its place", () => {
  it("mixed distribution modes between peers", () => {
    const services = {
      myapp: service({ cluster: "web", distribution: { singlePort: 9000 } }),
      myapp2: service({ cluster: "web" }),
    };
    const message =
      '"myapp" uses single port 9000; "myapp2" uses epmd: their nodes can\'t connect. Use the same distribution in the whole cluster';
    expect(findingsOf(stackOf({ services })).errors).toEqual([message]);
    expect(findingsOf(stackOf({ services, distributionRules: "pairs" })).errors).toEqual([message]);
  });

  it("a build context that isn't there", () => {
    const services = {
      myapp: { image: { build: "no-such-folder" } },
      myapp2: service({ discovery: "dnspoll", tasks: 12 }),
    };
    expect(findingsOf(stackOf({ services })).errors).toEqual([
      expect.stringContaining("12 at 200 %"),
      "no-such-folder/Dockerfile does not exist: image.build names a folder with a Dockerfile",
    ]);
  });
});

describe("what is doubtful is a warning", () => {
  it("open egress", () => {
    expect(findingsOf(stackOf({ services: { myapp: service({ egress: "open" }) } })).warnings).toEqual([
      'prod/services/myapp: its egress is "open": tasks connect to any node that is registered under a name they poll, and an untrusted node could join if it has the cookie. "guarded" prevents that',
    ]);
  });

  it("a list of egress that covers a distribution port", () => {
    const egress = [
      { protocol: "tcp", ports: { from: 443, to: 443 }, cidr: "0.0.0.0/0" },
      { protocol: "all", cidr: "10.0.0.0/8" },
      { protocol: "udp", cidr: "10.0.0.0/8" },
    ];
    expect(findingsOf(stackOf({ services: { myapp: service({ egress }) } })).warnings).toEqual([
      'prod/services/myapp: its egress to 10.0.0.0/8 covers the distribution port 4369: tasks connect to any node that is registered under a name they poll, and an untrusted node could join if it has the cookie. Exclude the port, or choose "guarded"',
    ]);
  });

  it("nothing, in a layout as it should be", () => {
    expect(findingsOf(stackOf())).toEqual({ errors: [], warnings: [] });
  });

  it("open egress of the environment, once for all services", () => {
    const services = { a: service(), b: service(), c: service({ egress: "guarded" }) };
    expect(findingsOf(stackOf({ services, egress: "open" })).warnings).toEqual([
      expect.stringContaining('prod/egress: its egress is "open": tasks connect'),
    ]);
    const { warnings } = findingsOf(stackOf({ services, egress: "open", distributionRules: "pairs" }));
    expect(warnings.map((warning) => warning.slice(0, warning.indexOf(":")))).toEqual([
      "prod/services/a",
      "prod/services/b",
    ]);
  });

  it("more rules than a security group takes by pairs, egress too", () => {
    const services = Object.fromEntries(
      Array.from({ length: 28 }, (_, index) => [`s${index}`, service({ cluster: "web" })]),
    );
    // 28 × 2 rules in; 28 × 2 out and five for the rest of the world.
    expect(findingsOf(stackOf({ services, distributionRules: "pairs" })).warnings).toEqual(
      Object.keys(services).map(
        (name) =>
          `prod/services/${name}: its security group gets 61 egress rules, and AWS allows 60 by default: use distributionRules "group", or ask AWS to raise the quota`,
      ),
    );
    expect(findingsOf(stackOf({ services })).warnings).toEqual([]);
  });

  it("a service alone in a cluster whose name resembles another's", () => {
    const services = {
      a: service({ cluster: "shop" }),
      b: service({ cluster: "shop" }),
      c: service({ cluster: "shpo" }),
      shoq: service(),
      shops: service({ cluster: "shops" }),
    };
    expect(findingsOf(stackOf({ services })).warnings).toEqual([
      'prod/services/c: it is alone in the cluster "shpo". Did you mean "shop"? If not, remove cluster: the service is a cluster of its own then',
    ]);
    const billing = { cluster: "shpo", node: "billing@billing.other.local", securityGroup: { id: "sg-0abc1234" } };
    expect(findingsOf(stackOf({ services, peers: { billing } })).warnings).toEqual([]);
  });

  it("more peers than the group of a cluster takes", () => {
    const peers = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [
        `peer${index}`,
        {
          cluster: "web",
          node: `peer${index}@peer${index}.other.local`,
          securityGroup: { id: `sg-000000${String(index).padStart(2, "0")}` },
        },
      ]),
    );
    const { warnings } = findingsOf(stackOf({ peers, services: { a: service({ cluster: "web" }) } }));
    expect(warnings).toEqual([
      expect.stringMatching(
        /^prod\/clusters\/web: its security group gets 62 \w+ rules, .* or fewer peers, or ask AWS/,
      ),
    ]);
  });
});

describe("the names that DNSCluster polls", () => {
  const queryOf = (services: object, more: object = {}) =>
    variablesOf(stackJson({ services, ...more }), "shop").DNS_CLUSTER_QUERY;
  const image = { variable: "shop_image" };
  const shop = { image, cluster: "shop", discovery: "dns_cluster", releaseName: "shop" };

  it("are those of all members of its cluster, with the basename of others, whatever these discover by", () => {
    expect(queryOf({ shop, jobs: { image, cluster: "shop" }, mail: { image } })).toBe(
      "shop.organization.local,jobs@jobs.organization.local",
    );
  });

  it("have no basename where the release is the same, also with versions apart by a Terraform expression", () => {
    const services = { shop, jobs: { image, cluster: "shop", releaseName: "shop" } };
    const query = "shop.organization.local,jobs.organization.local";
    expect(queryOf(services)).toBe(query);
    expect(queryOf(services, { versions: "apart" })).toBe(query);
  });

  it("have the version in the basename of others", () => {
    expect(queryOf({ shop, jobs: { image, cluster: "shop" } }, { versions: "apart" })).toMatch(
      /^shop\.organization\.local,jobs-\$\{local\.\w+\}@jobs\.organization\.local$/,
    );
  });
});

describe("the versions of a cluster", () => {
  const services = {
    shop: service({ cluster: "acme", image: { uri: "acme/shop:1.4.2" } }),
    jobs: service({ cluster: "acme", image: { uri: "acme/shop:1.4.2" } }),
    mail: service({ image: { uri: "acme/mail:2.0.0" } }),
  };
  const versionOf = (options: object, name: string) =>
    variablesOf(stackJson({ services, ...options }), name).CLUSTER_VERSION;

  it.each([
    [{}, [undefined, undefined, undefined]],
    [{ versions: "apart" }, ["1_4_2", "1_4_2", "2_0_0"]],
    [{ versions: { acme: "apart" } }, ["1_4_2", "1_4_2", undefined]],
    [{ versions: { mail: "apart", acme: "together" } }, [undefined, undefined, "2_0_0"]],
  ])("are apart where the environment says so: %j", (options, versions) => {
    expect(["shop", "jobs", "mail"].map((name) => versionOf(options, name))).toEqual(versions);
  });

  it("are rejected apart with different images", () => {
    const other = { ...services, jobs: service({ cluster: "acme", image: { uri: "acme/jobs:1.4.2" } }) };
    expect(findingsOf(stackOf({ services: other, versions: "apart" })).errors).toEqual([
      expect.stringMatching(/^its versions can't run apart with different images: "shop" runs /),
    ]);
  });
});

describe("the groups of a service", () => {
  const groupsOf = (options: object) =>
    all(stackJson(options), "aws_security_group")
      .map(({ name }) => name)
      .sort();

  it("are its own, its cluster's and the one for egress", () => {
    expect(groupsOf({})).toEqual(["prod-egress", "prod-myapp-service", "prod-myapp2-service", "prod-web-cluster"]);
  });

  it("are its own and its cluster's if it has egress of its own", () => {
    const services = { myapp: service({ egress: [{ cidr: "10.0.0.0/8", ports: { from: 443, to: 443 } }] }) };
    expect(groupsOf({ services })).toEqual(["prod-myapp-cluster", "prod-myapp-service"]);
  });

  it("are its own alone by pairs", () => {
    expect(groupsOf({ distributionRules: "pairs" })).toEqual(["prod-myapp-service", "prod-myapp2-service"]);
  });

  it("are an existing group where the environment names one, and a new one for each other cluster", () => {
    const services = { a: service({ cluster: "web" }), b: service({ cluster: "jobs" }) };
    const json = stackJson({ services, distributionRules: { groups: { web: "sg-0abc1234" } } });
    expect(
      all(json, "aws_ecs_service").map(
        ({ network_configuration }) => (network_configuration as { security_groups: string[] }).security_groups[2],
      ),
    ).toEqual(["sg-0abc1234", expect.stringMatching(/aws_security_group\.clusters_jobs_/)]);
  });

  it("are created before those that they replace are deleted, each with a name and a description that follows from it", () => {
    const groups = all(stackJson(), "aws_security_group");
    for (const { name, description, lifecycle } of notEmpty(groups)) {
      expect(lifecycle).toEqual({ create_before_destroy: true });
      const own = (name as string).replace(/-service$/, "");
      expect(description).toMatch(new RegExp(` ${own}$`));
    }
  });
});
