import { ContainerImage, type ImageBuildProps } from "../../../src/constructs/image/container-image";
import { hasImageVersionExpression, imageVersionExpression } from "../../../src/constructs/image/image-version";
import { all, container, emptyStack, jsonOf, Layout, problemsOf, the, type TerraformJson } from "../layout";

const build = (props: Partial<ImageBuildProps> = {}): TerraformJson => {
  const stack = emptyStack();
  ContainerImage.build(stack, "image", {
    repository: "prod/myapp",
    context: "../../../elixir-app",
    contentDigest: "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
    ...props,
  });
  return jsonOf(stack);
};
const tagOf = (json: TerraformJson) => /:([0-9a-f]{16})$/.exec(the(json, "docker_image").name as string)?.[1];

describe("ContainerImage.build", () => {
  it("makes an ECR repository with immutable tags, scanned on push, whose images only deleteImages lets destroy", () => {
    expect(the(build(), "aws_ecr_repository")).toEqual({
      name: "prod/myapp",
      image_tag_mutability: "IMMUTABLE",
      force_delete: false,
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: "AES256" }],
    });
  });

  it("lets destroy remove its images when told so", () => {
    expect(the(build({ deleteImages: true }), "aws_ecr_repository").force_delete).toBe(true);
  });

  it("keeps its repository in AWS when the image comes from elsewhere", () => {
    const [address, policy] = ["aws_ecr_repository", "aws_ecr_lifecycle_policy"].map(
      (type) => `${type}.${Object.keys(build().resource![type]!)[0]}`,
    );
    const kept = [address, policy].map((from) => ({ from, lifecycle: { destroy: false } }));
    const uri = emptyStack();
    ContainerImage.uri(uri, "image", "ghcr.io/acme/myapp:1");
    const variable = emptyStack();
    ContainerImage.variable(variable, "image", "myapp_image");
    expect(jsonOf(uri).removed).toEqual(kept);
    expect(jsonOf(variable).removed).toEqual(kept);
    expect(build().removed).toBeUndefined();
  });

  it("keeps the newest 30 images, or as many as said", () => {
    const policyOf = (json: TerraformJson) =>
      JSON.parse(the(json, "aws_ecr_lifecycle_policy").policy as string) as object;
    expect(policyOf(build())).toEqual({
      rules: [
        {
          rulePriority: 1,
          description: "Keep the newest 30",
          selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 30 },
          action: { type: "expire" },
        },
      ],
    });
    expect(JSON.stringify(policyOf(build({ keep: 5 })))).toContain('"countNumber":5');
  });

  it("pushes with the ECR authorization token", () => {
    const [provider] = build().provider!.docker as unknown as [{ registry_auth: object }];
    expect(provider.registry_auth).toEqual([
      {
        address: "${data.aws_ecr_authorization_token.ecr-token.proxy_endpoint}",
        username: "${data.aws_ecr_authorization_token.ecr-token.user_name}",
        password: "${data.aws_ecr_authorization_token.ecr-token.password}",
      },
    ]);
  });

  it("refuses a secret as a build argument, without its value", () => {
    const problems = (buildArgs: Record<string, string>) => {
      const stack = emptyStack();
      ContainerImage.build(stack, "image", { repository: "a", context: ".", contentDigest: "0", buildArgs });
      return problemsOf(stack);
    };
    expect(problems({ MIX_ENV: "prod", HEX_API_KEY: "hunter2" })).toEqual([
      "the build argument HEX_API_KEY is readable in the image's history, in plan and state, and its name says that it is a secret: build the image elsewhere with docker build --secret id=HEX_API_KEY",
    ]);
    expect(problems({ MIX_ENV: "prod" })).toEqual([]);
  });

  it("builds for the architecture that the task runs on", () => {
    expect(the(build(), "docker_image").build).toMatchObject({ platform: "linux/amd64", dockerfile: "Dockerfile" });
    expect(the(build({ architecture: "ARM64" }), "docker_image").build).toMatchObject({ platform: "linux/arm64" });
  });

  it("keeps the pushed image when Terraform lets it go: a running task may pull it again", () => {
    expect(the(build(), "docker_registry_image")).toMatchObject({ keep_remotely: true });
  });

  it("is named by the digest that was pushed", () => {
    const layout = new Layout();
    const image = ContainerImage.build(layout.stack, "built", { repository: "r", context: ".", contentDigest: "ab" });
    layout.service("myapp", { image });
    expect(container(layout.json).image).toMatch(
      /^\$\{aws_ecr_repository\.[\w-]+\.repository_url\}@\$\{docker_registry_image\.[\w-]+\.sha256_digest\}$/,
    );
  });

  it("has the same tag for the same content, whatever the order of arguments", () => {
    expect(tagOf(build({ buildArgs: { A: "1", B: "2" } }))).toBe(tagOf(build({ buildArgs: { B: "2", A: "1" } })));
  });

  it.each<[string, Partial<ImageBuildProps>]>([
    ["content", { contentDigest: "00" }],
    ["Dockerfile", { dockerfile: "Dockerfile.debug" }],
    ["arguments", { buildArgs: { MIX_ENV: "staging" } }],
    ["architecture", { architecture: "ARM64" }],
  ])("has another tag for another %s: tags don't move", (_, props) => {
    expect(tagOf(build(props))).not.toBe(tagOf(build()));
  });

  it("shares provider and token among several", () => {
    const stack = emptyStack();
    for (const id of ["a", "b"]) ContainerImage.build(stack, id, { repository: id, context: ".", contentDigest: id });
    const json = jsonOf(stack);
    expect(json.provider!.docker).toHaveLength(1);
    expect(the(json, "aws_ecr_authorization_token", "data")).toBeDefined();
  });
});

describe("ContainerImage.uri", () => {
  it.each([
    [
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/myapp:1.4.2",
      "arn:aws:ecr:eu-west-1:123456789012:repository/team/myapp",
    ],
    [
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp@sha256:b5bb9d80",
      "arn:aws:ecr:eu-west-1:123456789012:repository/myapp",
    ],
    ["123456789012.dkr-ecr.eu-west-1.on.aws/myapp:1", "arn:aws:ecr:eu-west-1:123456789012:repository/myapp"],
    [
      "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/myapp",
      "arn:aws-cn:ecr:cn-north-1:123456789012:repository/myapp",
    ],
    [
      "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/myapp",
      "arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/myapp",
    ],
    ["ghcr.io/acme/myapp:1.4.2", undefined],
    ["myapp", undefined],
  ])("%s is pulled from %s", (uri, arn) => {
    const image = ContainerImage.uri(emptyStack(), "image", uri);
    expect(image).toMatchObject({ uri, repositoryArn: arn });
  });

  it("needs no docker provider", () => {
    const stack = emptyStack();
    ContainerImage.uri(stack, "image", "ghcr.io/acme/myapp:1.4.2");
    expect(JSON.stringify(jsonOf(stack))).not.toContain("docker");
  });
});

describe("ContainerImage.variable", () => {
  it("is a Terraform variable without a default, one for all services that name it", () => {
    const layout = new Layout();
    for (const name of ["myapp", "worker"]) {
      layout.service(name, { image: ContainerImage.variable(layout.stack, `${name}-by-variable`, "app_image") });
    }
    expect(layout.json.variable).toEqual({
      app_image: { type: "string", nullable: false, description: "Container image: <repository>@sha256:<digest>" },
    });
  });

  it("reaches the task definition", () => {
    const layout = new Layout();
    layout.service("myapp", { image: ContainerImage.variable(layout.stack, "by-variable", "app_image") });
    expect(container(layout.json).image).toBe("${var.app_image}");
  });

  it("may be pulled from any repository of the partition that Terraform works in", () => {
    const layout = new Layout();
    layout.service("myapp", { image: ContainerImage.variable(layout.stack, "by-variable", "app_image") });
    expect(JSON.stringify(layout.json.resource!.aws_iam_role_policy)).toContain(
      "arn:${data.aws_partition.partition.partition}:ecr:*:*:repository/*",
    );
  });
});

describe("the version of an image", () => {
  const pair = (): [stack: ReturnType<typeof emptyStack>, one: string, other: string] => [emptyStack(), "one", "other"];
  const buildProps = { repository: "prod/one", context: "../../../elixir-app", contentDigest: "b5bb9d80" };

  it("of a build is its tag, the same in two repositories", () => {
    const [stack, one, other] = pair();
    const images = [
      ContainerImage.build(stack, "a-changed", {
        ...buildProps,
        repository: "prod/changed",
        contentDigest: "b5bb9d81",
      }),
      ContainerImage.build(stack, one, buildProps),
      ContainerImage.build(stack, other, { ...buildProps, repository: "prod/other" }),
    ];
    const tags = all(jsonOf(stack), "docker_image").map(({ name }) => /[0-9a-f]{16}$/.exec(name as string)![0]);
    expect(images.map(({ version }) => version)).toEqual(tags);
    expect(images.map(({ identity }) => identity)).toEqual(tags.map((tag) => `build ${tag}`));
    expect(new Set(tags).size).toBe(2);
  });

  it("of a URI comes from its tag or digest", () => {
    const [stack, one, other] = pair();
    const image = ContainerImage.uri(stack, one, "ghcr.io/acme/shop:1.4.2");
    expect([image.version, image.identity]).toEqual(["1_4_2", "ghcr.io/acme/shop:1.4.2"]);
    expect(ContainerImage.uri(stack, other, "ghcr.io/acme/shop:latest").version).toBeUndefined();
  });

  it("of a variable is a local value, which only what asks for it adds", () => {
    const [stack, one, other] = pair();
    const images = [one, other].map((id) => ContainerImage.variable(stack, id, "shop_image"));
    const { variable, locals } = jsonOf(stack);
    expect([locals, variable!.shop_image!.validation]).toEqual([undefined, undefined]);
    expect(images.map(({ version }) => version)).toEqual(Array(2).fill("${local.shop_image_version}"));
    expect(jsonOf(stack).locals).toEqual({ shop_image_version: `\${${imageVersionExpression("var.shop_image")}}` });
    expect(jsonOf(stack).variable!.shop_image!.validation).toEqual([
      {
        condition: `\${${hasImageVersionExpression("var.shop_image")}}`,
        error_message:
          "shop_image must be an image with a digest, or with a tag other than latest: its nodes have the version in their names.",
      },
    ]);
    expect(images.map(({ identity }) => identity)).toEqual(["var.shop_image", "var.shop_image"]);
  });
});
