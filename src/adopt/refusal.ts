/** Why nothing was adopted: a message for the person at the terminal, who can do something about it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}
