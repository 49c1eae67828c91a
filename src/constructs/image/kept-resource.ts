import { TerraformElement } from "cdktf";

/**
 * Leaves in AWS what `ContainerImage.build` made under the same scope, when the image comes from elsewhere now: its ECR
 * repository holds the images that running tasks pull and that a rollback needs, and without this Terraform would delete
 * it. Terraform forgets the resource; where the state never had it, nothing happens.
 * Source: https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources
 */
export class KeptResource extends TerraformElement {
  /** @param id the id that the resource had: with `scope`, it makes the same address. @param type its Terraform type. */
  constructor(
    scope: ConstructorParameters<typeof TerraformElement>[0],
    id: string,
    private readonly type: string,
  ) {
    super(scope, id);
  }

  override toTerraform(): { removed: object[] } {
    return { removed: [{ from: `${this.type}.${this.friendlyUniqueId}`, lifecycle: { destroy: false } }] };
  }
}
