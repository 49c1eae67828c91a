import type { Progress } from "../../src/demo/progress";
import { resultsPage } from "../../src/demo/results";

it("marks what was not tried as neither ok nor FAILED", () => {
  const results = [
    { ok: true, text: "applied" },
    { ok: false, text: "another cookie: 2 links" },
    { ok: false, untried: true, text: "without epmd: precondition not reached" },
  ];
  const page = resultsPage({ results } as unknown as Progress);
  expect(page.split("What is proved\n\n")[1]).toBe(
    "ok         applied\nFAILED     another cookie: 2 links\nNOT TRIED  without epmd: precondition not reached\n",
  );
});
