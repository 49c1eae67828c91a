import { doctorCommand } from "../../src/cli/operations/doctor";
import { hiddenCharacters, isCommand } from "../foreign-text/hostile";
import { runCommand } from "./command";
import { Deployed } from "./deployed";
import { writeLog } from "./log-streams";

const hostile = "x\u001b[2J\u001b]0;owned\u0007\n::error::forged ##[error]forged \u202e\r\n# approved";
/** How it can be read: on one line, and in JSON with JSON's own escapes. */
const shownBy: Readonly<Record<string, string>> = {
  text: "x\\u{1b}[2J\\u{1b}]0;owned\\u{7}\\n::error::forged #\\#[error]forged \\u{202e}\\r\\n# approved",
  "--json": "x\\u001b[2J\\u001b]0;owned\\u0007\\n::error::forged",
};

let deployed: Deployed;

beforeAll(async () => {
  deployed = await Deployed.start();
  process.env.AWS_ENDPOINT_URL = deployed.aws.endpoint;
  await deployHostile();
});

afterAll(() => deployed.stop());

/** A living task, and one that stopped with hostile text in all that ECS and its container say of it. */
async function deployHostile(): Promise<void> {
  await deployed.deploy();
  const [living, stopped] = ["1", "2"].map((digit) => digit.repeat(32)) as [string, string];
  const containers = [{ name: "myapp", exitCode: 1, reason: hostile }];
  await deployed.tasks(
    { service: "myapp", id: living, address: "10.0.1.11" },
    {
      service: "myapp",
      id: stopped,
      status: "STOPPED",
      record: {
        stopCode: "EssentialContainerExited",
        stoppedReason: hostile,
        stoppedAt: new Date().toISOString(),
        containers,
      },
    },
  );
  await deployed.register("myapp", `gone${hostile}`, "10.0.1.99");
  await writeLog(deployed, stopped, [[0, hostile]]);
}

it.each<[string, ...string[]]>([["text"], ["JSON", "--json"]])(
  "doctor's %s has what AWS and containers say as text and nothing else",
  async (_format, ...options) => {
    const { out, err } = await runCommand(doctorCommand(), "prod", "--environments", deployed.file, ...options);
    expect(err).toBe("");
    const text = out.replace(/\u001b\[\d+m/g, "");
    expect(hiddenCharacters.exec(text)?.[0]).toBeUndefined();
    expect(text.split("\n").filter(isCommand)).toEqual([]);
    expect(text.split("\n").filter((line) => line.trimStart().startsWith("# approved"))).toEqual([]);
    expect(text).toContain(shownBy[options[0] ?? "text"]);
  },
);
