/** The items that a test goes through. Throws where there are none: the expectations for each would never be evaluated. */
export function notEmpty<Item>(items: Iterable<Item>): Item[] {
  const list = [...items];
  if (list.length === 0) throw new Error("The list is empty, so no expectation for its items was evaluated");
  return list;
}
