import path from "node:path";
import type { App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { repositoryArnOf } from "../aws/ecr-repository";
import { nameFrom } from "../aws/names";
import { ContainerImage, type ImageBuildProps } from "../constructs/image/container-image";
import type { PulledImage } from "../constructs/service/containers/sidecar";
import { shared } from "../constructs/stack-child";
import type { ServiceOptions } from "../environment";
import { UserError } from "../user-error";
import { buildContextDigest } from "./build-context";

type BuildOptions = Pick<ImageBuildProps, "context" | "dockerfile" | "buildArgs" | "deleteImages">;
type Image = ServiceOptions["image"];
type OtherImage = ServiceOptions["sidecars"][string]["image"];

/** The images of a stack: one construct for each service, which others may share by `sameAs`. */
export class ServiceImages {
  private readonly constructs = new Map<string, ContainerImage>();

  constructor(
    private readonly stack: TerraformStack,
    private readonly app: App,
    private readonly services: Readonly<Record<string, ServiceOptions>>,
    /** Template of the names of ECR repositories. */
    private readonly repositories: string,
  ) {}

  of(service: string): ContainerImage {
    const known = this.constructs.get(service);
    if (known) return known;
    const made = this.image(service, this.services[service]!);
    this.constructs.set(service, made);
    return made;
  }

  /** @param service the service in whose tasks it runs. @param container its name there */
  ofSidecar(service: string, container: string, image: OtherImage): PulledImage {
    if ("sameAs" in image) return this.of(image.sameAs);
    if ("uri" in image) return { uri: image.uri, repositoryArn: repositoryArnOf(image.uri) };
    const all = shared(this.stack, "sidecar-images", (id) => new Construct(this.stack, id));
    const own = shared(all, service, (id) => new Construct(all, id));
    return variableImage(own, container, image.variable);
  }

  private image(service: string, { image, architecture }: ServiceOptions): ContainerImage {
    const images = shared(this.stack, "images", (id) => new Construct(this.stack, id));
    if ("sameAs" in image) return ContainerImage.sameAs(images, service, this.of(image.sameAs));
    if ("uri" in image) return ContainerImage.uri(images, service, image.uri);
    if ("variable" in image) return variableImage(images, service, image.variable);
    const build: BuildOptions = typeof image.build === "string" ? { context: image.build } : image.build;
    const workingFolder = path.resolve(this.app.outdir, "stacks", this.stack.node.id);
    return ContainerImage.build(images, service, {
      ...build,
      repository: nameFrom(this.repositories, service),
      // Relative, so that the same sources give the same JSON wherever they are checked out.
      context: path.relative(workingFolder, path.resolve(build.context)),
      contentDigest: digestOf(images, build),
      architecture,
    });
  }
}

type Variable = Extract<Image, { readonly variable: unknown }>["variable"];

function variableImage(scope: Construct, id: string, variable: Variable): ContainerImage {
  if (typeof variable === "string") return ContainerImage.variable(scope, id, variable);
  return ContainerImage.variable(scope, id, variable.name, variable.repositoryArn);
}

/** A folder that can't be read is reported with all other errors. */
function digestOf(images: Construct, { context, dockerfile }: BuildOptions): string {
  try {
    return buildContextDigest(context, dockerfile);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    images.node.addValidation({ validate: () => [error.message] });
    return "";
  }
}
