/** A mistake that the user can correct. Every command prints its message alone, without a stack trace. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}
