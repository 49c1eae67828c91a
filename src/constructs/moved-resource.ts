import { type TerraformResource, TerraformElement } from "cdktf";

/**
 * Tells Terraform that a resource had another address in an earlier version of these constructs, so that an upgrade keeps it.
 * When the state never had that address, nothing happens.
 * Source: https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
 */
export class MovedResource extends TerraformElement {
  /** @param id the id that the resource had: with `scope`, it makes the same address. @param to where it is now. */
  constructor(
    scope: ConstructorParameters<typeof TerraformElement>[0],
    id: string,
    private readonly to: TerraformResource,
  ) {
    super(scope, id);
  }

  override toTerraform(): { moved: object[] } {
    const { terraformResourceType: type, friendlyUniqueId } = this.to;
    return { moved: [{ from: `${type}.${this.friendlyUniqueId}`, to: `${type}.${friendlyUniqueId}` }] };
  }
}
