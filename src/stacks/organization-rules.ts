import { Aspects, type TerraformStack } from "cdktf";
import { EncryptionRules } from "../constructs/organization/encryption-rules";
import { RoleRules } from "../constructs/organization/role-rules";
import type { Environment } from "../environment";

/** What the environment demands of every role, log group and repository of its stack, whichever construct makes it. */
export function organizationRules(stack: TerraformStack, { iam, kmsKeys }: Environment): void {
  if (iam) Aspects.of(stack).add(new RoleRules(iam));
  if (kmsKeys) Aspects.of(stack).add(new EncryptionRules(kmsKeys));
}
