import { createHash } from "node:crypto";
import { DataAwsEcrAuthorizationToken } from "@cdktf/provider-aws/lib/data-aws-ecr-authorization-token";
import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Image } from "@cdktf/provider-docker/lib/image";
import { DockerProvider } from "@cdktf/provider-docker/lib/provider";
import { RegistryImage } from "@cdktf/provider-docker/lib/registry-image";
import { TerraformLocal, TerraformStack, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { buildDefaults, defined, serviceDefaults } from "../../aws/defaults";
import { hasImageVersionExpression, imageVersion, imageVersionExpression } from "./image-version";
import { looksSecret } from "../../secret-values";
import { repositoryArnOf } from "../../aws/ecr-repository";
import { KeptResource } from "./kept-resource";
import { literal, literals } from "../literal";
import { partitionOf, shared } from "../stack-child";

/** The processor that an image runs on. */
export type Architecture = "X86_64" | "ARM64";

/** Properties of {@link ContainerImage.build}. */
export interface ImageBuildProps {
  /** Name of the new ECR repository, such as `prod/myapp`. */
  readonly repository: string;
  /** Folder of the build context, relative to the folder that Terraform runs in, or absolute. */
  readonly context: string;
  /** Hexadecimal digest of the build context's content. With Dockerfile, arguments and architecture it determines the tag. */
  readonly contentDigest: string;
  /** Dockerfile, relative to the context. @default "Dockerfile" */
  readonly dockerfile?: string;
  /** Build arguments. @default none */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** What the image runs on. @default "X86_64" */
  readonly architecture?: Architecture;
  /** Images that the repository keeps: enough to roll back to. @default 30 */
  readonly keep?: number;
  /** Whether Terraform may delete the repository while it holds images; otherwise AWS refuses. @default false */
  readonly deleteImages?: boolean;
}

/** What a kind of image knows of itself. */
interface Source extends Pick<ContainerImage, "uri" | "repositoryArn" | "identity"> {
  version(): string | undefined;
}

/**
 * The image of a service: a build that Terraform pushes to ECR, a URI, or a Terraform variable that a pipeline sets.
 *
 * A build needs a Docker engine where Terraform runs, and the docker provider; the others need neither. A data source
 * reads the ECR password for the push, so it is in the plan and the state, and valid for 12 hours. Prefer {@link ContainerImage.variable}, and push outside Terraform.
 * Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/ecr_authorization_token
 */
export class ContainerImage extends Construct {
  /** Value of a container definition's `image`; a built image is named by its digest. */
  readonly uri: string;
  /**
   * ARN of the ECR repository that the execution role pulls from; with `*` where only Terraform knows it; `undefined`
   * when the image is not in ECR.
   */
  readonly repositoryArn: string | undefined;
  /** The same text for two images of the same content: a URI, a variable's name, or a build's tag. */
  readonly identity: string;
  private readonly source: Source;

  private constructor(scope: Construct, id: string, source: (self: Construct) => Source) {
    super(scope, id);
    this.source = source(this);
    ({ uri: this.uri, repositoryArn: this.repositoryArn, identity: this.identity } = this.source);
  }

  /**
   * Version for the names of nodes: a build's tag, what {@link imageVersion} reads from a URI, or the same as a Terraform
   * expression of a variable, which then must name a version; `undefined` when the URI names none.
   */
  get version(): string | undefined {
    return this.source.version();
  }

  /** An existing image. By digest it can't change under a running service; by tag it can. */
  static uri(scope: Construct, id: string, uri: string): ContainerImage {
    return new ContainerImage(scope, id, (self) => {
      keepRepository(self);
      return { uri, repositoryArn: repositoryArnOf(uri), identity: uri, version: () => imageVersion(uri) };
    });
  }

  /**
   * An image that a Terraform variable sets: `terraform plan -var myapp_image=…`, or `TF_VAR_myapp_image`.
   *
   * @param repositoryArn ARN of the ECR repository that its values are from. @default any repository
   */
  static variable(scope: Construct, id: string, name: string, repositoryArn?: string): ContainerImage {
    return new ContainerImage(scope, id, (self) => {
      keepRepository(self);
      const variable = imageVariable(TerraformStack.of(self), name);
      return {
        uri: variable.stringValue,
        identity: `var.${name}`,
        version: () => variableVersion(variable, name),
        // IAM rejects a wildcard here: "Partition * is not valid for resource".
        repositoryArn: repositoryArn ?? `arn:${partitionOf(self)}:ecr:*:*:repository/*`,
      };
    });
  }

  /** The image of another service: one build, or one variable, for both. */
  static sameAs(scope: Construct, id: string, other: ContainerImage): ContainerImage {
    return new ContainerImage(scope, id, (self) => {
      keepRepository(self);
      const { uri, repositoryArn, identity } = other;
      return { uri, repositoryArn, identity, version: () => other.version };
    });
  }

  /** An image built from a Dockerfile's folder and pushed to an ECR repository of its own. */
  static build(scope: Construct, id: string, props: ImageBuildProps): ContainerImage {
    const { architecture } = serviceDefaults;
    const settings = { ...buildDefaults, architecture, buildArgs: {}, keep: 30, ...defined(props) };
    const image = new ContainerImage(scope, id, (self) => builtImage(self, settings));
    image.node.addValidation({ validate: () => secretArguments(settings.buildArgs) });
    return image;
  }
}

/** Docker keeps build arguments in the image's history. Source: https://docs.docker.com/build/building/secrets/ */
function secretArguments(buildArgs: Readonly<Record<string, string>>): string[] {
  return Object.entries(buildArgs).flatMap(([name, value]) => {
    const because = looksSecret(name, value);
    if (because === undefined) return [];
    return [
      `the build argument ${name} is readable in the image's history, in plan and state, and ${because}: build the image elsewhere with docker build --secret id=${name}`,
    ];
  });
}

/** The repository's tags are immutable, so a different image needs a different tag. */
function tagOf({ contentDigest, dockerfile, buildArgs, architecture }: Required<ImageBuildProps>) {
  const args = Object.entries(buildArgs).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([contentDigest, dockerfile, args, architecture]))
    .digest("hex")
    .slice(0, 16);
}

/** The stack's variable `name`: one for all services that run the same image. */
function imageVariable(stack: TerraformStack, name: string): TerraformVariable {
  return shared(stack, `variable-${name}`, (id) => {
    const variable = new TerraformVariable(stack, id, {
      type: "string",
      nullable: false,
      description: "Container image: <repository>@sha256:<digest>",
    });
    variable.overrideLogicalId(name);
    return variable;
  });
}

/**
 * A local value of the stack, so that container definitions contain its name and not the expression. The same text for all
 * services that run the image: a token would be another one each time.
 */
function variableVersion(variable: TerraformVariable, name: string): string {
  const stack = TerraformStack.of(variable);
  const local = `${name}_version`;
  shared(stack, `version-${name}`, (id) => {
    variable.addValidation({
      condition: `\${${hasImageVersionExpression(`var.${name}`)}}`,
      errorMessage: `${name} must be an image with a digest, or with a tag other than latest: its nodes have the version in their names.`,
    });
    const value = new TerraformLocal(stack, id, `\${${imageVersionExpression(`var.${name}`)}}`);
    value.overrideLogicalId(local);
    return value;
  });
  return `\${local.${local}}`;
}

function builtImage(scope: Construct, props: Required<ImageBuildProps>): Source {
  const stack = TerraformStack.of(scope);
  const repository = ecrRepository(scope, props);
  const token = shared(stack, "ecr-token", (id) => new DataAwsEcrAuthorizationToken(stack, id));
  const registryAuth = [{ address: token.proxyEndpoint, username: token.userName, password: token.password }];
  shared(stack, "docker", (id) => new DockerProvider(stack, id, { registryAuth }));
  const tag = tagOf(props);
  const image = new Image(scope, "image", {
    name: `${repository.repositoryUrl}:${tag}`,
    buildAttribute: {
      context: literal(props.context),
      dockerfile: literal(props.dockerfile),
      platform: props.architecture === "ARM64" ? "linux/arm64" : "linux/amd64",
      buildArgs: literals(props.buildArgs),
    },
  });
  const pushed = new RegistryImage(scope, "pushed", {
    name: image.name,
    // A running task may pull it again; the lifecycle policy cleans up.
    keepRemotely: true,
  });
  const uri = `${repository.repositoryUrl}@${pushed.sha256Digest}`;
  return { uri, repositoryArn: repository.arn, identity: `build ${tag}`, version: () => tag };
}

/** Ids of a built image's repository and its policy. Another source of the image keeps both in AWS. */
const repositoryId = "repository";
const lifecycleId = "lifecycle";

function keepRepository(scope: Construct): void {
  new KeptResource(scope, repositoryId, EcrRepository.tfResourceType);
  new KeptResource(scope, lifecycleId, EcrLifecyclePolicy.tfResourceType);
}

function ecrRepository(scope: Construct, props: Required<ImageBuildProps>): EcrRepository {
  const { repository, keep, deleteImages } = props;
  const made = new EcrRepository(scope, repositoryId, {
    name: repository,
    imageTagMutability: "IMMUTABLE",
    forceDelete: deleteImages,
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: [{ encryptionType: "AES256" }],
  });
  const selection = { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keep };
  new EcrLifecyclePolicy(scope, lifecycleId, {
    repository: made.name,
    policy: JSON.stringify({
      rules: [{ rulePriority: 1, description: `Keep the newest ${keep}`, selection, action: { type: "expire" } }],
    }),
  });
  return made;
}
