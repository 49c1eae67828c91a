import { AnnotationMetadataEntryType, App } from "cdktf";
import { parseEnvironments } from "../../src/environment";
import { ElixirClusterStack } from "../../src/stacks/elixir-cluster-stack";
import { jsonOf, problemsOf, type TerraformJson } from "../constructs/layout";
import { scratchFolder } from "../scratch";
import { required } from "../environment/example";

const image = { uri: "ghcr.io/acme/myapp:1.4.2" };

/** A service as an environments file has it: an image and other options. */
export const service = (options: object = {}) => ({ image, ...options });

/** A stack of an environments file with one environment, called prod. */
export function stackOf(options: object = {}): ElixirClusterStack {
  const environment = {
    ...required,
    state: { s3: { bucket: "acme-terraform-state", key: "prod.tfstate" } },
    vpc: { id: "vpc-0abc1234" },
    services: { myapp: service({ cluster: "web" }), myapp2: service({ cluster: "web" }) },
    ...options,
  };
  const { prod } = parseEnvironments(JSON.stringify({ prod: environment }), "environments.json");
  return new ElixirClusterStack(new App({ outdir: scratchFolder("out") }), "prod", prod!);
}

export const stackJson = (options: object = {}): TerraformJson => jsonOf(stackOf(options));

/** What is wrong with it, and what is doubtful, each with its construct's path. */
export const findingsOf = (stack: ElixirClusterStack) => ({
  errors: problemsOf(stack),
  warnings: stack.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === (AnnotationMetadataEntryType.WARN as string))
        .map(({ data }) => `${node.path}: ${String(data)}`),
    ),
});
