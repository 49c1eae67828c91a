/** Input that can't be reviewed. The message says what it is instead and what to do; the command ends with code 2. */
export class UnusableInput extends Error {
  override readonly name = "UnusableInput";
}
