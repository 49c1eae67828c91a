import { UserError } from "../user-error";
import { compare } from "./comparison";
import { reviewInput, type Review } from "./review";

/** What is compared, as the command was given it. */
export interface Sources {
  readonly from: string;
  readonly against: string;
}

/**
 * Compares each stack with the one of its name, and two plans whatever their files are called. A stack that only one side has
 * is compared with nothing: all its services are new, or gone. Throws `UserError` if no name is on both sides.
 */
export function comparedWith(
  reviews: readonly Review[],
  others: readonly Review[],
  { from, against }: Sources,
): readonly Review[] {
  if (reviews.length === 1 && others.length === 1) return [after(reviews[0]!, others[0]!)];
  const namesOf = (all: readonly Review[]) => all.map(({ name }) => name);
  const gone = others.filter(({ name }) => !namesOf(reviews).includes(name));
  if (gone.length === others.length)
    throw new UserError(
      `--against ${against}: none of its stacks (${namesOf(others).join(", ")}) has the name of one in ${from} (${namesOf(reviews).join(", ")}). Give two folders such as cdktf.out, or two plans.`,
    );
  const compared = reviews.map((review) => {
    const other = others.find(({ name }) => name === review.name);
    return other ? after(review, other) : after(review, nothing(`${against}, which has no ${review.name}`));
  });
  return [...compared, ...gone.map((other) => after(nothing(other.name), other))];
}

function after(review: Review, before: Review): Review {
  return { ...review, comparison: compare(before, review) };
}

function nothing(name: string): Review {
  return reviewInput({ name, synthesized: {} });
}
