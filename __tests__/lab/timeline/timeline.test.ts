import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";
import type { LabEvent } from "../../../src/lab/lab-event";
import { fullShare, meshOverTime } from "../../../src/lab/timeline/mesh-over-time";
import { Recording } from "../../../src/lab/timeline/recording";
import { timelineHtml } from "../../../src/lab/timeline/timeline-html";
import type { Recorded } from "../../../src/lab/timeline/timeline-html";
import { scratchFolder } from "../../scratch";
import { notEmpty } from "../../not-empty";

const start = Date.UTC(2024, 0, 1);
const at = (seconds: number) => start + seconds * 1000;

const task = (seconds: number, taskId: string, status: string, more: object = {}) =>
  ({
    at: at(seconds),
    kind: "task",
    service: "myapp",
    taskId,
    address: `10.0.1.${taskId.slice(-1)}`,
    taskDefinition: "arn:aws:ecs:eu-west-1:123456789012:task-definition/myapp:7",
    status,
    health: "UNKNOWN",
    exitCodes: {},
    ...more,
  }) as LabEvent;
/** Requests that end in a second, and such that fail. */
const traffic = (recording: Recording) => {
  for (const [seconds, failure] of [
    [1, undefined],
    [1.2, undefined],
    [2, "502"],
  ] as const) {
    const ended = { at: at(seconds), began: at(seconds), kind: "request" as const };
    recording.takeOutcome(failure ? { ...ended, failure } : ended);
  }
  for (const closeCode of [1012, 1006]) recording.takeOutcome({ at: at(2.5), began: at(0), kind: "socket", closeCode });
};
const output = (seconds: number, taskId: string, line: string): LabEvent =>
  ({ at: at(seconds), kind: "output", taskId, container: "app", line, stream: "stdout" }) as LabEvent;

/** Two tasks that run from second 1 on, see each other from 2 on, and the second of which dies at 6. */
const events: readonly LabEvent[] = [
  task(0, "task-4", "PROVISIONING"),
  task(0, "task-5", "PROVISIONING"),
  task(1, "task-4", "RUNNING"),
  task(1, "task-5", "RUNNING"),
  output(2, "task-4", "00:00:02.000 [info] node up: myapp@10.0.1.5 (1 peer)"),
  output(2, "task-5", "00:00:02.000 [info] node up: myapp@10.0.1.4 (1 peer)"),
  { at: at(3), kind: "service", service: "myapp", message: "(service myapp) (deployment x) deployment completed." },
  output(4, "task-4", "00:00:04.000 [warning] node down: myapp@10.0.1.5, :net_tick_timeout (0 peers)"),
  output(5, "task-4", "00:00:05.000 [info] node up: myapp@10.0.1.5 (1 peer)"),
  task(6, "task-5", "DEACTIVATING", {
    end: { stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" },
    exitCodes: { app: 137 },
  }),
  task(6.5, "task-5", "STOPPED", {
    end: { stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" },
    exitCodes: { app: 137 },
  }),
];

function recordedFrom(all: readonly LabEvent[], ...apart: string[]): Recorded {
  const recording = new Recording();
  apart.forEach((service) => recording.keepApart(service));
  for (const event of all) recording.take(event);
  const denied = [
    { at: at(2), packets: 3 },
    { at: at(3), packets: 7 },
  ];
  return { ...recording.recorded(), from: at(0), to: at(10), denied };
}

describe("a recording", () => {
  it("follows each task from its first state to its end, and what its node sees", () => {
    const [one, other] = recordedFrom(events).tasks;
    expect(one).toMatchObject({ id: "task-4", definition: "myapp:7", address: "10.0.1.4" });
    expect(one!.peers).toEqual([
      { at: at(2), peer: "10.0.1.5" },
      { at: at(4), peer: "10.0.1.5", gone: ":net_tick_timeout" },
      { at: at(5), peer: "10.0.1.5" },
    ]);
    expect(other!.states.map(({ status }) => status)).toEqual(["PROVISIONING", "RUNNING", "DEACTIVATING", "STOPPED"]);
    expect(other!.end).toBe("Essential container in task exited, app exit code 137");
  });

  it("misses the links of a node that never saw another", () => {
    // GIVEN a mesh of two, and a healthy node of the same service that sits alone from 3 to 5
    const alone = [task(3, "task-6", "RUNNING", { health: "HEALTHY" }), task(5, "task-6", "STOPPED")];
    const recorded = recordedFrom([...events, ...alone]);
    // THEN two of six links are there meanwhile, one of six from 4 on
    const shares = meshOverTime(recorded).map(({ at: moment, running, share }) => [
      (moment - start) / 1000,
      running,
      share,
    ]);
    expect(shares).toContainEqual([3, 3, 2 / 6]);
    expect(shares).toContainEqual([4, 3, 1 / 6]);
    // AND the mesh was full from 2 to 3 and from 5 to 6 alone, of the eight seconds since
    expect(fullShare(meshOverTime(recorded), at(10))).toBeCloseTo(2 / 8);
    const html = timelineHtml("lab", recorded);
    expect(html).toContain("<li>full for 25 % of the time since</li>");
    expect(html).toContain('<li class="bad">1 task never saw another</li>');
    expect(html).toContain("33.3 % of the links between 3 running tasks, from 3.0 s on");
  });

  it("misses no link of a node that is kept apart, and says so", () => {
    const apart = [task(1, "task-6", "RUNNING", { service: "untrusted" }), task(9, "task-6", "STOPPED")];
    const recorded = recordedFrom([...events, ...apart], "untrusted");
    expect(meshOverTime(recorded)).toEqual(meshOverTime(recordedFrom(events)));
    expect(timelineHtml("lab", recorded)).toContain("<li>1 task is kept apart on purpose</li>");
    expect(timelineHtml("lab", recorded)).not.toContain("never saw another");
  });

  it("has an event for each changed rule and cookie, also between two labs", () => {
    // GIVEN what was applied at first, then without a rule and with another cookie, then with another rule, then elsewhere
    const applied = (seconds: number, rules: string[], version: number, group = "sg-1"): LabEvent => ({
      at: at(seconds),
      kind: "applied",
      rules: { [group]: rules },
      cookies: { [group === "sg-1" ? "/my-org/cookie" : "/other/cookie"]: version },
    });
    const epmd = "ingress tcp 4369 from sg-1";
    const open = "ingress all traffic from 0.0.0.0/0";
    const changes = [applied(1, [epmd], 1), applied(3, [], 2), applied(4, [open], 2), applied(5, [epmd], 7, "sg-2")];
    // THEN
    const recorded = recordedFrom([...events, ...changes]);
    expect(recorded.events.filter(({ kind }) => kind === "change")).toEqual([
      { at: at(3), kind: "change", text: `rule removed from sg-1: ${epmd}` },
      { at: at(3), kind: "change", text: "cookie changed: version 2 of /my-org/cookie; tasks read it when they start" },
      { at: at(4), kind: "change", text: `rule added to sg-1: ${open}` },
    ]);
    const html = timelineHtml("lab", recorded);
    expect(html).toContain(`<td>change</td><td>rule removed from sg-1: ${epmd}</td>`);
    expect(html).toContain(`<title>3.0 s: rule removed from sg-1: ${epmd}</title>`);
  });

  it("counts requests and errors in each second, and draws them where there was a load", () => {
    // GIVEN
    const recording = new Recording();
    expect(timelineHtml("lab", recording.recorded())).not.toContain("Requests</text>");
    // WHEN
    traffic(recording);
    // THEN a socket that was closed in order is neither, one without a close frame is an error
    const recorded = { ...recording.recorded(), from: at(0), to: at(10) };
    expect(recorded.traffic).toEqual([
      { at: at(1), requests: 2, errors: 0 },
      { at: at(2), requests: 1, errors: 2 },
    ]);
    const html = timelineHtml("lab", recorded);
    expect(html).toContain("3 in all, 2 errors");
    expect(html).toContain("<title>1 requests, 2 errors in the second from 2.0 s on</title>");
  });

  it("gives the share of the mesh after each change", () => {
    const shares = meshOverTime(recordedFrom(events));
    expect(shares.map(({ at: moment, share }) => [(moment - start) / 1000, share])).toEqual([
      [1, 0],
      [2, 1],
      [4, 0.5],
      [5, 1],
      [6, 0],
    ]);
    // Full from 2 to 4 and from 5 to 6, of the eight seconds since the first time
    expect(fullShare(shares, at(10))).toBeCloseTo(3 / 8);
    expect(fullShare(shares.slice(0, 1), at(10))).toBeUndefined();
  });
});

describe("the timeline", () => {
  it("is one page that asks the network for nothing", () => {
    const html = timelineHtml("demo", recordedFrom(events));
    expect(html).not.toMatch(/(src|href)=|url\(|@import|https?:|<script/);
  });

  it("tells states, ends, losses, deployments and denied packets", () => {
    const html = timelineHtml("demo", recordedFrom(events));
    expect(html).toContain("RUNNING: 1.0 s to 6.0 s\nended: Essential container in task exited, app exit code 137");
    expect(html).toContain("<title>4.0 s: lost myapp 10.0.1.5, :net_tick_timeout</title>");
    expect(html).toContain("<title>4 packets denied in the second before 3.0 s</title>");
    expect(html).toContain('class="mark deployment"');
    expect(html).toContain("first full mesh after 2.0 s");
  });

  it("lets no text become markup", () => {
    const evil: LabEvent = { at: at(1), kind: "problem", message: "<img onerror=alert(1)>" };
    const html = timelineHtml("<b>", recordedFrom([...events, evil]));
    expect(html).not.toMatch(/<img|<b>/);
  });

  it("says so when there was never a mesh, and draws a run without tasks", () => {
    expect(timelineHtml("demo", recordedFrom(events.slice(0, 4)))).toContain("never a full mesh");
    expect(timelineHtml("nothing", recordedFrom([]))).toContain("0 tasks");
  });

  it("is the same for the same recording", () => {
    const recorded = recordedFrom(events);
    expect(timelineHtml("demo", recorded)).toBe(timelineHtml("demo", recorded));
  });

  it("stays small when thousands of links flap", () => {
    const flapping = Array.from({ length: 20_000 }, (_, index) =>
      output(
        2 + index / 5000,
        "task-4",
        index % 2 === 0 ? "node down: myapp@10.0.1.5, :disconnect (0 peers)" : "node up: myapp@10.0.1.5 (1 peer)",
      ),
    );
    expect(timelineHtml("eight", recordedFrom([...events, ...flapping])).length).toBeLessThan(1_000_000);
  });
});

function findChromium(): string | undefined {
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      // The next name.
    }
  return undefined;
}

const executablePath = findChromium();
const must = executablePath !== undefined || process.env.CI !== undefined;
if (!must) console.warn("SKIPPED the timeline in a browser: no chromium on this machine");

(must ? describe : describe.skip)("the timeline in a browser", () => {
  const folder = scratchFolder("timeline");
  let browser: Browser;
  beforeAll(async () => {
    const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    browser = await chromium.launch({ executablePath: executablePath!, args, timeout: 0 });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(["light", "dark"] as const)("draws every lane inside the page, in %s", async (colorScheme) => {
    const file = path.join(folder, "lab-report.html");
    writeFileSync(file, timelineHtml("demo", recordedFrom(events)));
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
    // A busy machine may need longer than Playwright's 30 s.
    page.setDefaultTimeout(0);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`file://${file}`);
    // The screenshot stays where LAB_SCREENSHOTS says, for a person to look at.
    const screenshots = process.env.LAB_SCREENSHOTS ?? folder;
    await page.screenshot({ path: path.join(screenshots, `timeline-${colorScheme}.png`), fullPage: true });
    const paper = await page.evaluate<string>(`getComputedStyle(document.body).backgroundColor`);
    expect(paper).toBe(colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(20, 24, 31)");
    const lanes = await page.locator(".state").evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect()));
    expect(lanes).toHaveLength(5);
    for (const { left, right, width } of notEmpty(lanes)) {
      expect(width).toBeGreaterThan(0);
      expect(left).toBeGreaterThan(0);
      expect(right).toBeLessThanOrEqual(1280);
    }
    expect(asked).toHaveLength(1);
    await page.close();
  });
});
