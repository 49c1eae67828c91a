import { runScenario } from "../../../../src/lab/scenarios";
import { chaosWith } from "../../../../src/lab/scenarios/chaos/chaos";
import { describeScenario } from "../scenario-here";

describeScenario("chaos with a strategy that fails", () => {
  it("shrinks to the one fault that stock DNSPoll doesn't survive, and says how to repeat it", async () => {
    // GIVEN a strategy that disconnects the nodes that a DNS answer leaves out, and a DNS that answers with nothing
    const dnspoll = chaosWith({ discovery: "dnspoll" });
    const said: string[] = [];
    const say = (line: string) => {
      said.push(line);
      process.stderr.write(`${line}\n`);
    };
    // WHEN that is the second of two faults
    const result = await runScenario(dnspoll, { seed: 51, faults: [1, 5], say });
    // THEN the model finds the losses, and that fault alone is to blame, as a shorter plan shows
    expect(said).toContain("shrinking: 1 of 2 faults: 5");
    expect(result.lines).toContainEqual(
      expect.stringMatching(/^FAILED: model, no-loss-without-cause, at .* lost myapp .* without a cause$/),
    );
    expect(result.lines).toContainEqual(
      expect.stringMatching(
        /^FAILED: shrunk to 1 of 2 faults, after 1 shorter plan: 5 \(DNS answers with nothing\); repeat it with: npm run lab -- chaos --seed 51 --faults 5$/,
      ),
    );
    expect(result.ok).toBe(false);
  });
});
