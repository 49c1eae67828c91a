import type { LabEvent } from "../../../../src/lab/lab-event";
import { WatchedWeb } from "../../../../src/lab/scenarios/web/watched-web";
import type { RunningLab } from "../../../../src/lab/stage";

const running = { cluster: { meshShare: () => 1 } } as unknown as RunningLab;

const task = (taskId: string, at: number, status: string, health = "UNKNOWN"): LabEvent =>
  ({ kind: "task", taskId, at, status, health }) as unknown as LabEvent;

const draining = (taskId: string, at: number): LabEvent =>
  ({ kind: "target", taskId, at, group: "shop", health: { state: "draining" } }) as LabEvent;

it("measures the boot of each task that came, and when each that left was taken out, got SIGTERM and had ended", async () => {
  const web = new WatchedWeb();
  web.take(task("old", Date.now() - 9000, "PROVISIONING"));
  const seen = await web.during("part", running, 5, async () => {
    const at = Date.now();
    web.take(task("new", at, "PROVISIONING"));
    web.take(task("new", at + 1000, "RUNNING"));
    web.take(task("new", at + 4000, "RUNNING", "HEALTHY"));
    web.take(task("new", at + 5000, "RUNNING", "HEALTHY"));
    web.take(draining("old", at));
    web.take(task("old", at + 6000, "STOPPING"));
    web.take(task("old", at + 7000, "STOPPED"));
    web.take(draining("still there", at));
  });
  const [left] = seen.leaving;
  expect(seen.boots).toEqual([4]);
  expect(seen.leaving).toHaveLength(1);
  expect(left!.stoppingAt - left!.drainingAt).toBe(6000);
  expect(left!.stoppedAt - left!.drainingAt).toBe(7000);
  expect(web.drainingAt("old")).toBe(left!.drainingAt);
});
