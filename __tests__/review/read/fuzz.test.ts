import fc from "fast-check";
import { parseInput } from "../../../src/review/read/input";
import { renderJson } from "../../../src/review/render/json";
import { renderMarkdown } from "../../../src/review/render/markdown";
import { renderSarif } from "../../../src/review/render/sarif";
import { renderTerminal } from "../../../src/review/render/terminal";
import { reviewInput } from "../../../src/review/review";
import { planText } from "../fixtures";
import { UserError } from "../../../src/user-error";

/** The same mutations in every run. fast-check prints the seed and the path of a failure, and shrinks it. */
const seed = 20261125;
const numRuns = 2000;

type Container = Record<string, unknown> | unknown[];
interface Place {
  readonly holder: Container;
  readonly key: string | number;
}

const fixtures = ["guide", "modules", "counted"] as const;
const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1e308,
    "",
    "${",
    "${a.b}",
    "__proto__",
    "constructor",
    "each.key",
    "0.0.0.0/0",
    "[]",
    "{",
    "[null]",
    "\u0000",
    [],
    {},
    [null],
    [[]],
    [{}],
    { references: null },
    { references: {} },
    { references: [null] },
    { references: ["module.service", "each.key", "var.a", "aws_security_group.this"] },
    { constant_value: null },
    { toString: 1 },
    JSON.parse('{"__proto__":{"references":1}}'),
  ),
  fc.jsonValue({ maxDepth: 3 }),
);
const mutation = fc.record({
  /** The whole plan, or the part where the shape counts most. */
  within: fc.constantFrom("plan", "configuration", "resource_changes"),
  how: fc.constantFrom("replace", "replace", "remove", "move", "repeat"),
  at: fc.nat(),
  from: fc.nat(),
  value: hostile,
});

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== "object" || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value as Container, key });
    placesIn((value as Record<string, unknown>)[key], found);
  }
  return found;
}

const read = ({ holder, key }: Place) => (holder as Record<string, unknown>)[key];
function write({ holder, key }: Place, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

function mutate(plan: Record<string, unknown>, { within, how, at, from, value }: Mutation): void {
  const places = placesIn(within === "plan" ? plan : plan[within]);
  if (places.length === 0) return;
  const place = places[at % places.length]!;
  if (how === "replace") write(place, value);
  else if (how === "remove") delete (place.holder as Record<string, unknown>)[place.key];
  else if (how === "move") write(place, structuredClone(read(places[from % places.length]!)));
  else if (Array.isArray(place.holder)) place.holder.push(structuredClone(read(place)));
  else write({ holder: place.holder, key: `${place.key}_again` }, structuredClone(read(place)));
}

it(`gives a review or one sentence for ${numRuns} mutations of three plans (seed ${seed})`, () => {
  const outcomes = { review: 0, refused: 0 };
  const renderers = [renderTerminal, renderMarkdown, renderJson, renderSarif] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...fixtures),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...renderers),
      (name, mutations, render) => {
        const plan = JSON.parse(planText(name)) as Record<string, unknown>;
        for (const each of mutations) mutate(plan, each);
        try {
          render([reviewInput(parseInput(JSON.stringify(plan), "plan.json"))]);
          outcomes.review += 1;
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(error.message).toMatch(/^[^\n]{20,400}$/);
          outcomes.refused += 1;
        }
      },
    ),
    { seed, numRuns },
  );
  // The mutations reach both sides: plans that are refused, and plans that are wrong inside and still reviewed.
  expect(Math.min(outcomes.review, outcomes.refused)).toBeGreaterThan(numRuns / 10);
});
