import { consoleFinding } from "../../../../src/lab/scenarios/encryption/console";
import { rotationFinding, type Rotation } from "../../../../src/lab/scenarios/encryption/rotation";
import { type Wire, wireFinding } from "../../../../src/lab/scenarios/encryption/wire";

const texts = (times: number) => ({
  "Elixir.String": times,
  "myapp@": times,
  "a payload that everybody on the wire can read": times,
});
const wire = (mode: string, challenges: number, times: number, more: Partial<Wire> = {}): Wire => ({
  ...{ mode, meshMs: 2000, calls: 2, answered: 2 },
  captured: { segments: 10, bytes: 1000, challenges, texts: texts(times) },
  ...more,
});

it("the wire shows all in plain, and nothing over TLS", () => {
  expect(wireFinding(wire("single-port", 1, 1), 2).ok).toBe(true);
  expect(wireFinding(wire("tls", 0, 0), 2)).toEqual({
    ok: true,
    line: "tls: full mesh after 2.0 s, 2 of 2 remote calls answered; on the wire, in 10 segments with 1000 bytes: 0 cookie challenges, the module 0 times, the name 0 times, the payload 0 times",
  });
  const wrong = [
    wire("tls", 1, 0),
    wire("tls", 0, 1),
    wire("single-port", 0, 1),
    wire("single-port", 1, 0),
    wire("tls", 0, 0, { answered: 1 }),
    wire("tls", 0, 0, { captured: { segments: 0, bytes: 0, challenges: 0, texts: texts(0) } }),
  ];
  expect(wrong.map((each) => wireFinding(each, 2).ok)).toEqual(wrong.map(() => false));
});

it("console opens an IEx in the task's node, which evaluates an expression", () => {
  const good = { command: "bin/myapp remote", node: "myapp@10.0.1.4", expected: "myapp@10.0.1.4", answered: true };
  expect(consoleFinding({ ...good, screen: "" })).toEqual({
    ok: true,
    line: "the command of console, bin/myapp remote: IEx in myapp@10.0.1.4, evaluates an expression",
  });
  const screen = "Could not contact remote node\r\n";
  expect(consoleFinding({ ...good, node: undefined, answered: false, screen })).toEqual({
    ok: false,
    line: "the command of console, bin/myapp remote: IEx in no node, doesn't evaluate an expression: Could not contact remote node",
  });
  expect(consoleFinding({ ...good, node: "rem@10.0.1.4", screen }).ok).toBe(false);
});

it("a rotation takes three steps, and loses no link", () => {
  const steps = ["one", "two", "three"];
  const good: Rotation = { steps, isReplaced: true, complete: true, maxPartitions: 1, losses: 0, longestGapMs: 0 };
  expect(rotationFinding(good).ok).toBe(true);
  const wrong: Partial<Rotation>[] = [
    { steps: ["one"] },
    { isReplaced: false },
    { complete: false },
    { maxPartitions: 2 },
    { losses: 1 },
    { longestGapMs: 5 },
  ];
  expect(wrong.map((each) => rotationFinding({ ...good, ...each }).ok)).toEqual(wrong.map(() => false));
});
