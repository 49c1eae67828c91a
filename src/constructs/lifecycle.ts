/**
 * For what services use: when it changes or goes, Terraform creates the new one, moves the services, and deletes the old one
 * last. Otherwise it would delete first, which AWS refuses while tasks run in a security group or a namespace has services,
 * and which takes a role or log group away from running tasks. The rule is kept in the state, so it also holds for what the
 * configuration no longer has.
 *
 * The names are fixed, and AWS accepts each once. That works because only a different name, or what contains it (VPC,
 * namespace, role), forces a replacement.
 * Source: https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy
 */
export const deletedLast = { createBeforeDestroy: true } as const;
