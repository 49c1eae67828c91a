import fc from "fast-check";
import { hostileText } from "../../foreign-text/hostile";
import { planText } from "../fixtures";
import { everyFormat, expectOnlyText } from "./hostile";

/** A plan in which every service's name, and every address, ends with the text. */
function planWith(foreign: string): object {
  const plan = JSON.parse(planText("guide")) as object;
  const names = new Set<string>();
  JSON.stringify(plan, (key, value: unknown) => {
    if ((key === "name" || key === "address") && typeof value === "string") names.add(value);
    return value;
  });
  return JSON.parse(
    JSON.stringify(plan, (_key, value: unknown) =>
      typeof value === "string" && names.has(value) ? `${value}${foreign}` : value,
    ),
  ) as object;
}

describe("a plan of hostile names", () => {
  it("is text and nothing else, in every format", async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (foreign) => expectOnlyText(await everyFormat(planWith(foreign)))),
      // "0" renames the guide's images too: the review then names them.
      { numRuns: 25, examples: [["0"]] },
    );
  });

  it("can be read, and in JSON is what the plan says", async () => {
    const foreign = "\n```\n\n# approved\n@acme/security ![t](https://evil.example/x.png)";
    const formats = await everyFormat(planWith(foreign));
    expectOnlyText(formats);
    expect(formats.terminal).toContain("\\n```\\n\\n# approved\\n@acme/security ![t](https://evil.example/x.png)");
    expect(JSON.parse(formats.json!).reviews[0].services[0].address).toContain(foreign);
  });
});
