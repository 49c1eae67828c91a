import { runScenario } from "../../../../src/lab/scenarios";
import { chaosWith } from "../../../../src/lab/scenarios/chaos/chaos";
import { describeScenario } from "../scenario-here";

describeScenario("chaos with a strategy that fails", () => {
  it("shrinks to the one fault that stock DNSPoll doesn't survive, and says how to repeat it", async () => {
    // GIVEN a strategy that disconnects the nodes that a DNS answer leaves out, and a DNS that answers with nothing
    const dnspoll = chaosWith({ discovery: "dnspoll" });
    const say = (line: string) => process.stderr.write(`${line}\n`);
    // WHEN that is one of two faults
    const result = await runScenario(dnspoll, { seed: 25, faults: [1, 2], say });
    // THEN the model finds the losses, and that fault alone is to blame
    expect(result.lines).toContainEqual(
      expect.stringMatching(/^FAILED: model, no-loss-without-cause, at .* lost myapp .* without a cause$/),
    );
    expect(result.lines).toContainEqual(
      expect.stringMatching(
        /^FAILED: shrunk to 1 of \d faults, after \d shorter plans: 1 \(DNS answers with nothing\); repeat it with: npm run lab -- chaos --seed 25 --faults 1$/,
      ),
    );
    expect(result.ok).toBe(false);
  });
});
