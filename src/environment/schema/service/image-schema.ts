import { buildDefaults } from "../../../aws/defaults";
import * as format from "../formats";
import { choice, either, flag, mapOf, object, option } from "../shapes";

const folder = format.filePath("a folder", "../shop");
const build = either(
  [
    folder,
    object({
      context: folder.describe("The folder, relative to the project that contains environments.json."),
      dockerfile: option(
        format.filePath("a Dockerfile's path inside the folder", "docker/Dockerfile"),
        buildDefaults.dockerfile,
        "The Dockerfile, relative to the folder",
      ),
      buildArgs: option(
        mapOf(format.environmentVariable, format.anyText).meta({ examples: [{ MIX_ENV: "prod" }] }),
        {},
        "Docker build arguments. They stay in the image's history, the plan and the state: no secrets",
      ),
      deleteImages: option(flag, buildDefaults.deleteImages, "Whether Terraform may delete a repository with images"),
    }),
  ],
  "a folder that contains a Dockerfile, or { context, dockerfile, buildArgs, deleteImages }",
);

const variable = either(
  [
    format.variableName,
    object({
      name: format.variableName.describe("The variable's name."),
      repositoryArn: format.repositoryArn.describe(
        "ARN of the only ECR repository that the execution role may pull from.",
      ),
    }),
  ],
  "the variable's name, or { name, repositoryArn }",
);

const uri = format.imageUri.describe("An existing image, preferably by digest.");
const fromVariable = variable.describe(
  "A Terraform variable that a pipeline sets to the image (TF_VAR_<name>): its name, or an object.",
);
const sameAs = format.dnsLabel
  .describe("The name of a service of this environment, whose image to use: one build or one variable for both.")
  .meta({ examples: ["shop"] });

/** A service's image. */
export const image = choice({
  build: build.describe(
    "A folder with a Dockerfile, or an object: Terraform builds the image and pushes it to a new ECR repository. The registry's password is then in plan and state; prefer variable.",
  ),
  uri,
  variable: fromVariable,
  sameAs,
}).meta({ id: "image", examples: [{ variable: "shop_image" }] });

/** The image of a container next to the node, which Terraform doesn't build. */
export const otherImage = choice({ uri, variable: fromVariable, sameAs }).meta({
  examples: [{ uri: "public.ecr.aws/docker/library/nginx:1.27.3" }],
});
