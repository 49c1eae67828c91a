import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withoutDocker } from "../../../../src/lab/prompt/layout/docker-stand-in";
import { scratchFolder } from "../../../scratch";

describe("Terraform that builds images, in a lab that builds none", () => {
  let folder: string;
  beforeEach(() => (folder = scratchFolder("docker")));

  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  const writeJson = (document: object) => write("cdk.tf.json", JSON.stringify(document));
  const written = () => JSON.parse(readFileSync(path.join(folder, "cdk.tf.json"), "utf8")) as unknown;

  it("takes the provider and its resources out, and gives the image a digest that nobody built", () => {
    // GIVEN what a stack with `image.build` synthesizes to
    writeJson({
      terraform: { required_providers: { aws: { source: "aws" }, docker: { source: "kreuzwerker/docker" } } },
      provider: { aws: [{ region: "eu-west-1" }], docker: [{ registry_auth: [] }] },
      resource: {
        docker_image: { image: { name: "${aws_ecr_repository.app.repository_url}:1" } },
        docker_registry_image: { pushed: { name: "${docker_image.image.name}" } },
        aws_ecs_task_definition: {
          app: {
            container_definitions:
              '[{"image":"${aws_ecr_repository.app.repository_url}@${docker_registry_image.pushed.sha256_digest}"}]',
            depends_on: ["docker_registry_image.pushed", "aws_ecr_repository.app"],
          },
        },
      },
    });
    // WHEN
    const taken = withoutDocker(folder);
    // THEN
    expect(taken).toEqual(["docker_image.image", "docker_registry_image.pushed"]);
    expect(written()).toEqual({
      terraform: { required_providers: { aws: { source: "aws" } } },
      provider: { aws: [{ region: "eu-west-1" }] },
      resource: {
        aws_ecs_task_definition: {
          app: {
            container_definitions: `[{"image":"\${aws_ecr_repository.app.repository_url}@sha256:${"0".repeat(64)}"}]`,
            depends_on: ["aws_ecr_repository.app"],
          },
        },
      },
    });
  });

  it("leaves files without it as they are, byte for byte", () => {
    const text = '{ "resource": {"aws_vpc": {"docker": {}}} }';
    write("cdk.tf.json", text);
    expect(withoutDocker(folder)).toEqual([]);
    expect(readFileSync(path.join(folder, "cdk.tf.json"), "utf8")).toBe(text);
  });

  it("says of HCL what to do instead", () => {
    write("image.tf", 'resource "docker_image" "app" {\n  name = "app"\n}\n');
    expect(() => withoutDocker(folder)).toThrow(
      "image.tf builds images with the docker provider. The lab builds no images: take the image from a variable or a URI, and map it to a release with --image NAME=FOLDER.",
    );
  });

  it("says of an expression that it can't take out", () => {
    writeJson({
      resource: { docker_image: { app: {} } },
      output: { digest: { value: '${split(":", docker_image.app.repo_digest)[1]}' } },
    });
    expect(() => withoutDocker(folder)).toThrow("cdk.tf.json uses a resource of the docker provider in an expression");
  });
});
