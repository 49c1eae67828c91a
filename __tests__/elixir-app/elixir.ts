import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { sampleApp } from "../../src/lab/local-aws/sample/sample-project";
import { bootBound } from "../../src/lab/waiting/bounds";
import { type Bound, describeWait, waitFor } from "../../src/lab/waiting/wait";

/** The mix project under test. */
export const elixirApp = sampleApp;

/** A TCP port that nobody listens on, below those that the kernel gives to outgoing connections. */
export async function freePort(): Promise<number> {
  const port = randomInt(12_000, 32_000);
  const server = createServer();
  const free = await new Promise<boolean>((resolve) =>
    server.once("error", () => resolve(false)).listen(port, () => resolve(true)),
  );
  if (!free) return freePort();
  await new Promise((closed) => server.close(closed));
  return port;
}

/**
 * What `probe` gives, as soon as it gives something.
 * @param bound how long at most. @default the boot of a few nodes
 * @throws Error with what `probe` threw last
 */
export async function eventually<T>(
  probe: () => Promise<T | undefined | false>,
  bound: Bound = bootBound(4),
): Promise<T> {
  let last: unknown;
  const waited = await waitFor(() => probe().catch((error: unknown) => void (last = error)), bound);
  if (waited.value !== undefined) return waited.value;
  throw new Error(`Not ${describeWait(waited)}`, { cause: last });
}
