import { callEachOther, nodeName, saidBy } from "../../cluster/erpc";
import type { Captured } from "../../data-plane/packets/captured";
import type { RunningLab } from "../../stage";
import { type Finding, seconds } from "../scenario";

/** What one node sends another in a call, which somebody on the wire looks for. */
const payload = "a payload that everybody on the wire can read";

/** A module that is called, and the beginning of each node's name. */
const texts = { module: "Elixir.String", name: "myapp@", payload };

/** A mesh, calls between all its nodes, and what somebody who reads all packets has seen of them. */
export interface Wire {
  readonly mode: string;
  readonly meshMs: number;
  readonly calls: number;
  readonly answered: number;
  readonly captured: Captured;
}

/** Forms the mesh of so many nodes, lets each call each, sends the payload, and reads all of it on the router. */
export async function readWire(
  mode: string,
  { lab, waits, startedAt }: RunningLab,
  count: number,
  cookie: string,
): Promise<Wire> {
  const end = await lab.runtime.capture();
  await waits.meshed(count);
  const meshMs = Date.now() - startedAt;
  const calls = await callEachOther(lab.tasks);
  const [one, other] = lab.tasks;
  await saidBy(one!, `IO.puts(:erpc.call(:"${nodeName(other!)}", String, :reverse, ["${payload}"]))`);
  const captured = await end({ texts: Object.values(texts), cookie });
  return { mode, meshMs, calls: calls.length, answered: calls.filter(({ answered }) => answered).length, captured };
}

export function wireFinding({ mode, meshMs, calls, answered, captured }: Wire, count: number): Finding {
  const expected = count * (count - 1);
  const { segments, bytes, challenges } = captured;
  const found = Object.entries(texts).map(([what, text]) => [what, captured.texts[text] ?? 0] as const);
  const isRead = challenges > 0 && found.every(([, times]) => times > 0);
  const isHidden = challenges === 0 && found.every(([, times]) => times === 0);
  return {
    ok: segments > 0 && calls === expected && answered === expected && (mode === "tls" ? isHidden : isRead),
    line:
      `${mode}: full mesh after ${seconds(meshMs)}, ${answered} of ${expected} remote calls answered; on the wire, in ${segments} segments with ${bytes} bytes: ` +
      `${challenges} cookie challenges, ${found.map(([what, times]) => `the ${what} ${times} times`).join(", ")}`,
  };
}
