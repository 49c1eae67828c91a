import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { doctorCommand } from "../../src/cli/operations/doctor";
import { readEnvironment } from "../../src/operations/deployed-environment";
import { byRpc } from "../../src/operations/doctor";
import { runWithin } from "../../src/operations/doctor/run-within";
import { runCommand } from "./command";
import { environmentsText } from "./deployed";
import { Stopwatch } from "../../src/lab/waiting/machine";
import { scratchFolder } from "../scratch";
import { writeProgram } from "../program";

const folder = scratchFolder("rpc");
const file = path.join(folder, "environments.json");
const called = path.join(folder, "called");
const ownPath = process.env.PATH;

beforeAll(() => writeFileSync(file, environmentsText()));
beforeEach(() => void (process.env.PATH = `${folder}:${ownPath}`));
afterEach(() => void (process.env.PATH = ownPath));

/** The AWS CLI as a script, which notes how it was called. */
function aws(body: string): void {
  const script = path.join(folder, "aws");
  writeProgram(script, `#!/bin/sh\nfor word; do echo "$word"; done > ${called}\n${body}\n`);
}

const ask = async () =>
  byRpc(readEnvironment(file, "prod"))({ service: "myapp", taskId: "4f2a", address: "10.0.1.11", port: 4000 });

describe("doctor --rpc", () => {
  it("finds the list of nodes in what the session prints, and keeps its input open", async () => {
    // GIVEN a session as the plugin shows it, which would end with its input
    aws(`printf 'Starting session with SessionId: ecs-1\\r\\n'
      exec 3<&0; (read -r line <&3; kill $$) & sleep 0.3
      printf '[:"myapp@10.0.1.11", :"myapp2@10.0.1.13"]\\r\\n\\r\\nExiting session with sessionId: ecs-1.\\r\\n'
      kill $!`);
    // WHEN
    const answer = JSON.parse(await ask());
    // THEN
    expect(answer).toEqual({ node: "myapp@10.0.1.11", members: ["myapp@10.0.1.11", "myapp2@10.0.1.13"] });
    expect(readFileSync(called, "utf8").trim().split("\n")).toEqual(
      ["ecs", "execute-command", "--interactive", "--region", "eu-west-1", "--cluster", "my-cluster"].concat([
        ...["--task", "4f2a", "--container", "myapp", "--command"],
        'bin/myapp rpc "IO.inspect([node() | Node.list()], limit: :infinity, width: :infinity)"',
      ]),
    );
  });

  it("says why there is no session, and what rpc says when the node is down", async () => {
    aws("echo 'An error occurred (TargetNotConnectedException): its agent is down' >&2; exit 254");
    await expect(ask()).rejects.toThrow("An error occurred (TargetNotConnectedException): its agent is down");
    aws("echo 'Could not contact remote node myapp@10.0.1.11'");
    await expect(ask()).rejects.toThrow("Could not contact remote node myapp@10.0.1.11");
    aws("exit 3");
    await expect(ask()).rejects.toThrow("exit code 3");
  });

  it("gives up a command that hangs, without waiting for what it has started", async () => {
    aws("sleep 20 & wait");
    const stopwatch = new Stopwatch();
    await expect(runWithin(0.5, path.join(folder, "aws"), [])).rejects.toThrow("no answer within 0.5 s");
    stopwatch.stop();
    // What it has started sleeps for 20 s.
    expect(stopwatch.measured.workMs).toBeLessThan(10_000);
  });

  it("says which tool is missing, and goes with no other way of asking", async () => {
    const doctor = (...args: string[]) => runCommand(doctorCommand(), "prod", "--environments", file, ...args);
    process.env.PATH = path.join(folder, "nothing");
    expect((await doctor("--rpc")).err).toMatch(/^aws is not installed/);
    expect((await doctor("--rpc", "--through", "true")).err).toContain("cannot be used with option");
  });
});
