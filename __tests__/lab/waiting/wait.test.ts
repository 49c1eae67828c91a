import { slowness, Stopwatch } from "../../../src/lab/waiting/machine";
import { describeWait, secondsOf, sumOf, timersOf, waitFor, workOf } from "../../../src/lab/waiting/wait";

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Keeps this process from everything else, as a machine that grants it no time. */
function block(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end;);
}

describe("a wait", () => {
  it("gives what it waited for, as soon as that is there", async () => {
    let looks = 0;
    const waited = await waitFor(() => (++looks === 3 ? "there" : undefined), timersOf({ "a day": 86_400 }));
    expect(waited.value).toBe("there");
    expect(looks).toBe(3);
  });

  it("ends at its bound with nothing, not before", async () => {
    const started = performance.now();
    const { value, timerMs } = await waitFor(() => false, timersOf({ "DNS TTL": 0.2, "polling interval": 0.1 }));
    expect(value).toBeUndefined();
    expect(performance.now() - started).toBeGreaterThanOrEqual(300);
    expect(timerMs).toBeGreaterThanOrEqual(300);
  });

  it("looks once more at the end, however long the look before took", async () => {
    let there = false;
    const look = async () => {
      if (there) return true;
      await pause(300);
      there = true;
      return false;
    };
    expect((await waitFor(look, timersOf({ "polling interval": 0.1 }))).value).toBe(true);
  });

  it("waits for work first, then for timers: one after the other", async () => {
    const bound = sumOf(workOf({ boot: 0.2 }), timersOf({ "DNS TTL": 0.2 }));
    const { timerMs, workMs } = await waitFor(() => false, bound);
    expect(workMs).toBeGreaterThanOrEqual(200);
    expect(timerMs).toBeGreaterThanOrEqual(400);
  });

  it("ends with the reason of its signal", async () => {
    const interrupted = new AbortController();
    setTimeout(() => interrupted.abort(new Error("interrupted")), 20);
    const options = { signal: interrupted.signal };
    await expect(waitFor(() => false, timersOf({ "a day": 86_400 }), options)).rejects.toThrow("interrupted");
  });

  it("does not count time that this process did not get", async () => {
    // GIVEN a bound of 0.3 s WHEN a second of it passes in which no timer of this process can run
    setTimeout(() => block(1000), 50);
    const waited = await waitFor(() => false, timersOf({ "DNS TTL": 0.3 }));
    // THEN it still waits its 0.3 s, and says how late the timers were
    expect(waited.wallMs).toBeGreaterThan(1200);
    expect(waited.latestMs).toBeGreaterThan(800);
    expect(describeWait(waited)).toMatch(
      /^within 0\.3 s \(DNS TTL 0\.3 s\), which was [\d.]+ s here\. This machine was overloaded: .* timers were up to \d+ ms late\.$/,
    );
  });

  it("says nothing of the machine where that was not the reason", () => {
    const measured = { wallMs: 11_050, timerMs: 11_000, workMs: 10_900, latestMs: 12 };
    const bound = timersOf({ "negative TTL": 0, "DNS TTL": 10, "polling interval": 1 });
    expect(describeWait({ ...measured, bound })).toBe("within 11 s (DNS TTL 10 s + polling interval 1 s).");
    expect(secondsOf(bound)).toBe(11);
  });

  it("names how many processes wanted each core", () => {
    const measured = { wallMs: 40_000, timerMs: 39_000, workMs: 10_000, latestMs: 12 };
    expect(describeWait({ ...measured, bound: workOf({ "boot of 2 nodes": 10 }) })).toMatch(
      /^within 10 s \(boot of 2 nodes 10 s\), which was 40 s here\. This machine was overloaded: 3\.9 processes wanted each of its \d+ cores \(load average [\d.]+\)/,
    );
  });
});

describe("the measure of the machine", () => {
  it("counts work as no more than the time in which timers ran, and that as no more than the time", async () => {
    const stopwatch = new Stopwatch();
    await pause(300);
    stopwatch.stop();
    const { wallMs, timerMs, workMs } = stopwatch.measured;
    expect(workMs).toBeGreaterThan(0);
    expect(workMs).toBeLessThanOrEqual(timerMs);
    expect(timerMs).toBeLessThanOrEqual(wallMs);
  });

  it("is 1 at least", () => expect(slowness()).toBeGreaterThanOrEqual(1));
});
