/** Cuts a list into parts of at most `size`: what one call takes. */
export function batches<Value>(values: readonly Value[], size: number): Value[][] {
  const parts: Value[][] = [];
  for (let first = 0; first < values.length; first += size) parts.push(values.slice(first, first + size));
  return parts;
}
