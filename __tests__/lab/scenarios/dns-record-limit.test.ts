import { describeScenario, run } from "./scenario-here";

describeScenario("dns-record-limit", () => {
  it("sees twelve tasks flap with DNSPoll, and never with dns, or with dns_cluster next to a service with dns", async () => {
    const { lines, ok } = await run("dns-record-limit", { tasks: [12], seconds: 15 });
    expect(lines).toEqual([
      expect.stringMatching(/^ok: synth refuses dnspoll with 12 tasks: .*one DNS answer has 8 records/s),
      "ok: dns_cluster, 12 tasks, answers random: 0 nodedown in 15 s, full mesh 100 % of the time",
      "ok: dns, 12 tasks, answers random: 0 nodedown in 15 s, full mesh 100 % of the time",
      "ok: dns, 12 tasks, answers cached: 0 nodedown in 15 s, full mesh 100 % of the time",
      expect.stringMatching(
        /^ok: dnspoll, 12 tasks, answers random: [1-9]\d* nodedown in 15 s, full mesh [\d.]+ % of the time$/,
      ),
      expect.stringMatching(
        /^ok: dnspoll, 12 tasks, answers cached: [1-9]\d* nodedown in 15 s, full mesh [\d.]+ % of the time$/,
      ),
    ]);
    expect(ok).toBe(true);
  });
});
