import { TerraformElement } from "cdktf";

/**
 * Leaves a resource of `ContainerImage.build` in AWS when the image has another source now. Running tasks and a rollback
 * still pull images from the ECR repository, which Terraform would otherwise delete. Terraform forgets the resource; when
 * the state never had it, nothing happens.
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
