import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { EnvironmentFile, type EnvironmentFileProps } from "../constructs/service/secrets/environment-file";
import { nameOf, ReleaseSecret, type ReleaseSecretProps } from "../constructs/service/secrets/release-secret";
import { shared } from "../constructs/stack-child";

/** The secrets and environment files of a stack: one construct for each, which services share. */
export class SharedSecrets {
  private readonly constructs = new Map<string, Construct>();

  constructor(private readonly stack: TerraformStack) {}

  secret(props: ReleaseSecretProps): ReleaseSecret {
    return this.once("secrets", nameOf(props), props, (scope, id) => new ReleaseSecret(scope, id, props));
  }

  byVariable(secrets: Readonly<Record<string, ReleaseSecretProps>>): Record<string, ReleaseSecret> {
    return Object.fromEntries(Object.entries(secrets).map(([variable, secret]) => [variable, this.secret(secret)]));
  }

  files(files: readonly EnvironmentFileProps[]): EnvironmentFile[] {
    return files.map((file) =>
      this.once("environment-files", file.s3, file, (scope, id) => new EnvironmentFile(scope, id, file)),
    );
  }

  private once<Child extends Construct>(
    scopeId: string,
    name: string,
    props: object,
    make: (scope: Construct, id: string) => Child,
  ): Child {
    const key = `${scopeId} ${JSON.stringify(props)}`;
    const known = this.constructs.get(key);
    if (known) return known as Child;
    const scope = shared(this.stack, scopeId, (id) => new Construct(this.stack, id));
    const readable = name.replace(/^\//, "").replace(/\//g, "-");
    // "/a/b-c" and "/a-b/c" read alike, and one secret may be checked in two ways.
    const id = scope.node.tryFindChild(readable) ? `${readable}-${scope.node.children.length}` : readable;
    const child = make(scope, id);
    this.constructs.set(key, child);
    return child;
  }
}
