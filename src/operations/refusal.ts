/** What a command can't do, said to its user: one sentence of what is wrong, and what to do. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}
