import { doctorCommand } from "../../src/cli/operations/doctor";
import type { Diagnosis } from "../../src/operations/doctor";
import { exitInWords } from "../../src/operations/exit-codes";
import { runCommand } from "./command";
import { deployBefore } from "./deploy-before";
import type { Deployed } from "./deployed";
import type { FaultyAws } from "./faulty-aws";
import { writeLog } from "./log-streams";
import { ago, deployment, id, revisions, rolledBack, serviceRevisions } from "./rolled-back";

let deployed: Deployed;
let faulty: FaultyAws;

deployBefore((own) => ({ deployed, faulty } = own));

beforeEach(async () => {
  await deployed.tasks(
    { service: "myapp", id: id(1), address: "10.0.1.11" },
    { service: "myapp", id: id(2), address: "10.0.1.12" },
    { service: "myapp2", id: id(3), address: "10.0.1.13" },
  );
});

const doctor = (...args: string[]) => runCommand(doctorCommand(), "prod", "--environments", deployed.file, ...args);

async function diagnosis(): Promise<Diagnosis & { readonly code: number }> {
  const { out, err, code } = await doctor("--json");
  expect(err).toBe("");
  return { ...JSON.parse(out), code };
}

/** A second revision of myapp, which ECS rolled back to the first one. */
async function rollBack(status = "ROLLBACK_SUCCESSFUL", ...later: object[]): Promise<string> {
  const all = await revisions(deployed, "registry.example/myapp:1");
  await deployed.counts("myapp", {
    serviceDeployments: [...later, deployment(2, status, rolledBack), deployment(1, "SUCCESSFUL")],
    serviceRevisions: serviceRevisions(all),
  });
  return all[1]!;
}

/** A task of a revision whose container ended by itself. */
const crashed = (number: number, taskDefinitionArn: string, container: object) =>
  deployed.tasks({
    service: "myapp",
    id: id(number),
    status: "STOPPED",
    record: {
      taskDefinitionArn,
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      stoppedAt: ago(60 - number),
      containers: [{ name: "myapp", ...container }],
    },
  });

/** Lines that a container of a task wrote ten seconds ago. */
const wrote = (taskId: string, ...lines: string[]) =>
  writeLog(
    deployed,
    taskId,
    lines.map((line, at) => [10 - at / 1000, line] as const),
  );

const about = ({ findings }: Diagnosis) => findings.filter((finding) => finding.about === "myapp");

describe("doctor, after a deployment that the circuit breaker rolled back", () => {
  it("says when, which revision, which container, what its exit code means, and its last lines", async () => {
    // GIVEN three tasks that crashed, the last of them with more lines than are shown
    const second = await rollBack();
    for (const number of [10, 11, 12]) await crashed(number, second, { exitCode: 137, reason: "OutOfMemoryError" });
    const lines = Array.from({ length: 12 }, (_, at) => `line ${at + 1}`);
    await wrote(id(12), ...lines);
    // WHEN
    const found = await diagnosis();
    // THEN
    expect(found.code).toBe(1);
    expect(about(found)).toEqual([
      {
        severity: "error",
        about: "myapp",
        text: expect.stringMatching(
          /^its deployment of prod-myapp:2 at \S+Z was rolled back to prod-myapp:1 at \S+Z, after 3 tasks failed: Service deployment rolled back because/,
        ),
        advice: expect.stringMatching(/^fix the cause, then: .*npx cdktf deploy prod$/),
        details: [
          `3 tasks stopped, ${id(12)} last: Essential container in task exited (myapp, exit code 137: it was killed (SIGKILL): out of memory, or still running after stopTimeout, OutOfMemoryError)`,
          `last lines of myapp in ${id(12)}:`,
          ...lines.slice(-8).map((line) => `  ${line}`),
        ],
      },
    ]);
    // AND the report shows them below it
    const { out } = await doctor();
    expect(out).toMatch(
      /✗ myapp: its deployment of prod-myapp:2.*\n {4}3 tasks stopped.*\n {4}last lines.*\n {6}line 5/,
    );
  });

  it("finds the logs by the service's events when ECS has forgotten the tasks", async () => {
    await rollBack();
    await wrote(id(10), "** (RuntimeError) DATABASE_URL is missing");
    const message = (number: number) => `(service myapp) has started 1 tasks: (task ${id(number)}).`;
    await deployed.counts("myapp", {
      events: [
        { id: "2", message: message(2), createdAt: ago(20) },
        { id: "1", message: message(10), createdAt: ago(55) },
      ],
    });
    expect(about(await diagnosis())[0]!.details).toEqual([
      "ECS no longer knows why its tasks stopped: it keeps reasons for about an hour",
      `last lines of myapp in ${id(10)}:`,
      "  ** (RuntimeError) DATABASE_URL is missing",
    ]);
  });

  it.each([
    ["ROLLBACK_IN_PROGRESS", "is being rolled back"],
    ["ROLLBACK_FAILED", "failed, and its rollback failed too"],
  ])("says that a deployment with the status %s %s", async (status, words) => {
    await rollBack(status);
    expect(about(await diagnosis())[0]).toMatchObject({ severity: "error", text: expect.stringContaining(words) });
  });

  it("takes it for the past once another deployment is in progress, and says nothing after one that succeeded", async () => {
    await rollBack("ROLLBACK_SUCCESSFUL", deployment(3, "IN_PROGRESS"));
    const found = await diagnosis();
    expect(about(found)).toMatchObject([
      { severity: "note", text: expect.stringMatching(/another deployment has started since$/) },
    ]);
    expect(found.code).toBe(0);
    await rollBack("ROLLBACK_SUCCESSFUL", deployment(3, "SUCCESSFUL"));
    expect(about(await diagnosis())).toEqual([]);
  });

  it("says what it may not read, and the rest all the same", async () => {
    const second = await rollBack();
    await crashed(10, second, { exitCode: 1 });
    await wrote(id(10), "a line");
    faulty.add({ operation: "GetLogEvents", error: "AccessDeniedException", message: "no logs" });
    expect(about(await diagnosis())).toMatchObject([
      {
        severity: "error",
        details: [
          expect.stringContaining("exit code 1: the application reported an error, or crashed while it started"),
        ],
      },
      { severity: "unchecked", text: expect.stringContaining("the logs of its tasks: AWS refused: no logs.") },
    ]);
    faulty.add({ operation: "ListServiceDeployments", error: "AccessDeniedException", message: "no deployments" });
    expect(about(await diagnosis())).toMatchObject([
      { severity: "unchecked", text: expect.stringContaining("its deployments: AWS refused: no deployments.") },
      { severity: "note", text: expect.stringContaining("1 task stopped: ") },
      { severity: "unchecked" },
    ]);
  });
});

describe("doctor, after a task whose container ended without an error", () => {
  it("names the container, and shows its last lines", async () => {
    await crashed(10, deployed.definitions.get("myapp")!, { exitCode: 0 });
    await wrote(id(10), "migrated");
    expect(about(await diagnosis())).toEqual([
      {
        severity: "note",
        about: "myapp",
        text: "1 task stopped: Essential container in task exited (myapp, exit code 0: it ended without an error)",
        details: [`last lines of myapp in ${id(10)}:`, "  migrated"],
      },
    ]);
  });
});

describe("exitInWords", () => {
  it.each([
    [0, "exit code 0: it ended without an error"],
    [2, "exit code 2"],
    [127, "exit code 127: its command, or a program or library that it needs, isn't in the image"],
    [143, "exit code 143: it stopped after SIGTERM"],
    [130, "exit code 130: signal 2 ended it"],
    [200, "exit code 200"],
  ])("%i", (code, words) => expect(exitInWords(code)).toBe(words));
});
