import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, Testing, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ContainerImage } from "../../src/constructs/image/container-image";
import { DiscoveryNamespace } from "../../src/constructs/service/discovery-namespace";
import { EcsCluster } from "../../src/constructs/service/ecs-cluster";
import { ElixirService } from "../../src/constructs/service/elixir-service";
import type { ElixirServiceProps } from "../../src/constructs/service/elixir-service-props";
import { Network } from "../../src/constructs/network/network";
import { ReleaseSecret } from "../../src/constructs/service/secrets/release-secret";
import { scratchFolder } from "../scratch";

export type Resource = Record<string, unknown>;

/** A stack's JSON: blocks by kind, type and logical id. */
export type TerraformJson = Record<string, Record<string, Record<string, Resource>>>;

/** A stack with nothing but the AWS provider. */
export function emptyStack(): TerraformStack {
  const stack = new TerraformStack(new App({ outdir: scratchFolder("out") }), "stack");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  return stack;
}

export const jsonOf = (stack: TerraformStack): TerraformJson => JSON.parse(Testing.synth(stack)) as TerraformJson;

/** All blocks of a type, without the path that cdktf adds to them. */
export function all(json: TerraformJson, type: string, kind = "resource"): Resource[] {
  return Object.values(json[kind]?.[type] ?? {}).map(({ "//": _, ...block }) => block);
}

/** The one block of a type. */
export function the(json: TerraformJson, type: string, kind = "resource"): Resource {
  const blocks = all(json, type, kind);
  expect(blocks).toHaveLength(1);
  return blocks[0]!;
}

/** What is wrong with a stack: the sentences of all its constructs. */
export const problemsOf = (stack: TerraformStack): string[] =>
  stack.node.findAll().flatMap(({ node }) => node.validate());

/** The constructs that every service of a stack needs. */
export class Layout {
  readonly stack: TerraformStack;
  readonly network: Network;
  readonly cluster: EcsCluster;
  readonly namespace: DiscoveryNamespace;
  readonly cookie: ReleaseSecret;

  constructor(stack = emptyStack()) {
    this.stack = stack;
    this.network = new Network(stack, "network", { vpc: { id: "vpc-0abc1234" } });
    this.cluster = new EcsCluster(stack, "ecs-cluster", { cluster: { name: "my-cluster" } });
    this.namespace = new DiscoveryNamespace(stack, "namespace", {
      namespace: { create: "organization.local" },
      vpcId: this.network.vpcId,
    });
    this.cookie = new ReleaseSecret(stack, "cookie", { ssmParameter: "/my-org/cookie" });
  }

  service(name: string, props: Partial<ElixirServiceProps> = {}, scope: Construct = this.stack): ElixirService {
    return new ElixirService(scope, name, {
      name,
      region: "eu-west-1",
      network: this.network,
      cluster: this.cluster,
      namespace: this.namespace,
      image: ContainerImage.uri(scope, `${name}-image`, "ghcr.io/acme/myapp:1.4.2"),
      cookie: this.cookie,
      ...props,
    });
  }

  get json(): TerraformJson {
    return jsonOf(this.stack);
  }
}

/** The one container of the one task definition. */
export function container(json: TerraformJson): Record<string, unknown> {
  const [only, ...others] = JSON.parse(
    the(json, "aws_ecs_task_definition").container_definitions as string,
  ) as Resource[];
  expect(others).toEqual([]);
  return only!;
}
