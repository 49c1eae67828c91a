import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { consoleCommand } from "../../src/cli/operations/console";
import { exitInWords } from "../../src/operations/exit-codes";
import { runCommand } from "./command";
import { deployBefore } from "./deploy-before";
import { Deployed, environmentsText } from "./deployed";
import { FaultyAws, shortWaits } from "./faulty-aws";
import { writeProgram } from "../program";

let deployed: Deployed;
let faulty: FaultyAws;
const ownPath = process.env.PATH;

deployBefore((own) => ({ deployed, faulty } = own));

afterEach(() => {
  process.env.PATH = ownPath;
  jest.restoreAllMocks();
});

const open = (...args: string[]) => runCommand(consoleCommand(), "prod", ...args, "--environments", deployed.file);
const id = (number: number) => `${number}`.repeat(32);

/** The two tools as scripts that note how they were called. */
function tools(...names: string[]): string {
  const folder = path.join(deployed.folder, "bin");
  const notes = path.join(deployed.folder, "called");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const name of names) {
    const file = path.join(folder, name);
    writeProgram(
      file,
      `#!/bin/sh\n[ "$1" = --version ] && exit 0\nfor word; do echo "$word"; done > ${notes}\nexit 3\n`,
    );
  }
  process.env.PATH = folder;
  return notes;
}

describe("console", () => {
  it("runs the release's remote shell in a healthy task, and ends as the session ended", async () => {
    // GIVEN
    await deployed.tasks(
      { service: "myapp", id: id(1), record: { healthStatus: "UNHEALTHY" } },
      { service: "myapp", id: id(2) },
      { service: "myapp", id: id(3), agent: "PENDING" },
    );
    const notes = tools("aws", "session-manager-plugin");
    process.env.PATH = `${process.env.PATH}:/usr/bin:/bin`;
    // WHEN
    const { code, err } = await open("myapp");
    // THEN
    expect(err).toBe("");
    expect(code).toBe(3);
    expect(readFileSync(notes, "utf8").trim().split("\n")).toEqual(
      ["ecs", "execute-command", "--interactive", "--region", "eu-west-1", "--cluster", "my-cluster"].concat([
        "--task",
        id(2),
        "--container",
        "myapp",
        "--command",
        "bin/myapp remote",
      ]),
    );
  });

  it("says which tool is missing, and where to get it", async () => {
    tools("aws");
    const { err, code } = await open("myapp");
    expect(code).toBe(2);
    expect(err).toMatch(/^session-manager-plugin is not installed, and ECS Exec needs it\. Install it from https:/);
    process.env.PATH = path.join(deployed.folder, "nothing");
    expect((await open("myapp")).err).toMatch(/^aws is not installed/);
  });

  it("prints the command for a task given by its beginning, and another command", async () => {
    await deployed.tasks({ service: "myapp", id: id(1) }, { service: "myapp", id: id(2) });
    const { out, code } = await open("myapp", "--print", "--task", "11", "--command", "bin/myapp rpc 'IO.inspect(1)'");
    expect(code).toBe(0);
    expect(out).toBe(
      `aws ecs execute-command --interactive --region eu-west-1 --cluster my-cluster --task ${id(1)} --container myapp ` +
        `--command 'bin/myapp rpc '\\''IO.inspect(1)'\\'''`,
    );
  });

  it.each([
    ["no running task", [], [], "myapp has no running task. To see why: npm run doctor -- prod --environments "],
    ["a task that isn't there", [{}], ["--task", "9"], `myapp has no running task "9". It has: ${id(1)}.`],
    ["ECS Exec off", [{ record: { enableExecuteCommand: false } }], [], `ECS Exec is off in task ${id(1)}, though`],
    [
      "an agent that stopped",
      [{ agent: "STOPPED" }],
      [],
      `is STOPPED. If this lasts: the role prod-myapp-task needs ssmmessages`,
    ],
    ["an agent that hasn't reported", [{ agent: false as const }], [], "has not reported yet"],
    ["a task that only begins", [{ status: "PENDING" }], [], `Task ${id(1)} is PENDING: try again when it runs`],
  ])("refuses %s", async (_what, tasks, args, message) => {
    for (const task of tasks) await deployed.tasks({ service: "myapp", id: id(1), ...task });
    const { err, code } = await open("myapp", "--print", ...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it("says why a task stopped that was asked for", async () => {
    await deployed.tasks({
      service: "myapp",
      id: id(4),
      status: "STOPPED",
      record: { stoppedReason: "Essential container in task exited", containers: [{ name: "myapp", exitCode: 137 }] },
    });
    const { err } = await open("myapp", "--print", "--task", id(4));
    expect(err).toBe(`Task ${id(4)} has stopped: Essential container in task exited (myapp, ${exitInWords(137)})`);
  });

  describe("when a task stops between being listed and being described", () => {
    const stopped = { status: "STOPPED", record: { desiredStatus: "RUNNING", stoppedReason: "Scaling activity" } };

    it("takes another", async () => {
      await deployed.tasks({ service: "myapp", id: id(1) }, { service: "myapp", id: id(2), ...stopped });
      expect((await open("myapp", "--print")).out).toContain(`--task ${id(1)} `);
    });

    it("says that none runs, or why the one that was asked for has stopped", async () => {
      await deployed.tasks({ service: "myapp", id: id(2), ...stopped });
      expect((await open("myapp", "--print")).err).toBe(
        `myapp has no running task. To see why: npm run doctor -- prod --environments ${deployed.file}`,
      );
      expect((await open("myapp", "--print", "--task", "22")).err).toBe(`Task ${id(2)} has stopped: Scaling activity`);
    });
  });

  it("finds a task on the second page of them", async () => {
    // GIVEN
    const ids = Array.from({ length: 130 }, (_, at) => (at + 1).toString(16).padStart(32, "0"));
    await deployed.tasks(...ids.map((each) => ({ service: "myapp", id: each })));
    // WHEN
    const { out, code } = await open("myapp", "--print", "--task", ids[129]!);
    // THEN
    expect(code).toBe(0);
    expect(out).toContain(`--task ${ids[129]} `);
    expect([faulty.count("ListTasks"), faulty.count("DescribeTasks")]).toEqual([2, 2]);
  });

  it("waits out a throttling, gives up one that doesn't end, and says what AWS refuses", async () => {
    shortWaits();
    await deployed.tasks({ service: "myapp", id: id(1) });
    faulty.add({ operation: "ListTasks", error: "ThrottlingException", message: "Rate exceeded", times: 2 });
    expect((await open("myapp", "--print")).code).toBe(0);
    faulty.add({ operation: "ListTasks", error: "ThrottlingException", message: "Rate exceeded" });
    expect(await open("myapp", "--print")).toMatchObject({
      code: 2,
      err: "AWS throttles requests: Rate exceeded. The command tried 6 times. Try again in a minute.",
    });
    faulty.clear();
    faulty.add({ operation: "DescribeTasks", error: "AccessDeniedException", message: "not authorized" });
    expect(await open("myapp", "--print")).toMatchObject({
      code: 2,
      err: "AWS refused: not authorized. Ask for that permission, or use another AWS_PROFILE.",
    });
  });

  it("says the nearest name of a service, and one that isn't deployed", async () => {
    expect((await open("myap", "--print")).err).toBe(
      'There is no service in prod called "myap". There are: myapp, myapp2. Did you mean "myapp"?',
    );
    deployed.write(environmentsText({ services: { other: { image: { uri: "a.example/b:1" } } } }));
    expect((await open("other", "--print")).err).toBe(
      `other is not deployed in my-cluster. Deploy it first: ENVIRONMENTS_FILE=${deployed.file} npx cdktf deploy prod`,
    );
    deployed.write(environmentsText({ ecsCluster: { name: "elsewhere" } }));
    expect((await open("myapp", "--print")).err).toContain("There is no ECS cluster elsewhere: is prod deployed");
  });

  it("says that executeCommand is false in the environment", async () => {
    deployed.write(
      environmentsText({ services: { myapp: { image: { uri: "a.example/b:1" }, executeCommand: false } } }),
    );
    await deployed.tasks({ service: "myapp", id: id(1), record: { enableExecuteCommand: false } });
    expect((await open("myapp", "--print")).err).toBe(
      `ECS Exec is off: myapp has "executeCommand": false. Remove that, then: ENVIRONMENTS_FILE=${deployed.file} npx cdktf deploy prod`,
    );
  });
});
