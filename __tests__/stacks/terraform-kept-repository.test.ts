import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ContainerImage } from "../../src/constructs/image/container-image";
import { type LocalAws, startLocalAws } from "../../src/lab/local-aws/aws";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { emptyStack, jsonOf, type TerraformJson } from "../constructs/layout";
import { describeWithTerraform } from "../terraform-here";
import { scratchFolder } from "../scratch";

const scratch = scratchFolder("kept-repository");
const folder = path.join(scratch, "stack");

/** What Terraform can apply without a Docker engine: everything of AWS. */
function withoutDocker({ resource = {}, removed }: TerraformJson): object {
  const aws = Object.fromEntries(Object.entries(resource).filter(([type]) => type.startsWith("aws_")));
  return { ...(Object.keys(aws).length > 0 ? { resource: aws } : {}), ...(removed ? { removed } : {}) };
}

const built = () => {
  const stack = emptyStack();
  ContainerImage.build(stack, "image", { repository: "prod/myapp", context: ".", contentDigest: "0" });
  return jsonOf(stack);
};
const fromUri = () => {
  const stack = emptyStack();
  ContainerImage.uri(stack, "image", "ghcr.io/acme/myapp:1");
  return jsonOf(stack);
};

describeWithTerraform("an image that was built and comes from elsewhere now", () => {
  let aws: LocalAws;
  let terraform: Terraform;

  function write(json: object): void {
    const required = { aws: { source: "hashicorp/aws", version: "5.100.0" } };
    const document = { terraform: { required_providers: required }, provider: { aws: { region: aws.region } } };
    writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify({ ...document, ...json }));
  }

  beforeAll(async () => {
    mkdirSync(folder);
    aws = await startLocalAws();
    terraform = new Terraform(folder, scratch, { environment: aws.environment });
  });
  afterAll(() => aws?.stop());

  it("leaves its repository in AWS and forgets it, and plans nothing more", async () => {
    // GIVEN a repository that was made for the built image
    write(withoutDocker(built()));
    await terraform.init();
    await terraform.plan("built");
    await terraform.apply("built");

    // WHEN the image comes from a URI
    write(withoutDocker(fromUri()));
    const { add, change, destroy } = await terraform.plan("uri");
    await terraform.apply("uri");

    // THEN nothing is destroyed, and Terraform doesn't know the repository any more
    expect({ add, change, destroy }).toEqual({ add: 0, change: 0, destroy: 0 });
    expect(JSON.parse(await terraform.showState())).not.toHaveProperty("values.root_module.resources");
    // AND it can still be read
    write({ data: { aws_ecr_repository: { kept: { name: "prod/myapp" } } } });
    await terraform.plan("kept");
    await terraform.apply("kept");
    expect(await terraform.showState()).toContain("prod/myapp");
  });
});
