import { describeScenario, run } from "./scenario-here";

describeScenario("dns-record-limit", () => {
  it("sees nine tasks flap with stock DNSPoll, and never with members kept", async () => {
    const { lines, ok } = await run("dns-record-limit", { tasks: [9], seconds: 15 });
    expect(lines).toEqual([
      expect.stringMatching(/^ok: synth refuses stock DNSPoll with 9 tasks: .*one DNS answer names 8/s),
      "ok: members, 9 tasks, answers random: 0 nodedown in 15 s, full mesh 100 % of the time",
      "ok: members, 9 tasks, answers cached: 0 nodedown in 15 s, full mesh 100 % of the time",
      expect.stringMatching(
        /^ok: stock, 9 tasks, answers random: [1-9]\d* nodedown in 15 s, full mesh [\d.]+ % of the time$/,
      ),
      expect.stringMatching(
        /^ok: stock, 9 tasks, answers cached: [1-9]\d* nodedown in 15 s, full mesh [\d.]+ % of the time$/,
      ),
    ]);
    expect(ok).toBe(true);
  });
});
