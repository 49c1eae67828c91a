import type { Socket } from "node:net";
import { joinSockets } from "../connections/join-sockets";
import { connectInside } from "./inside";
import type { ConnectionTarget, FromSandbox, ToSandbox, VpcCalls } from "./protocol";
import { Vpc } from "./vpc";

/** Entry of the process in the sandbox: its parent speaks to it over Node's channel, and it ends when that is closed. */
const send = (message: FromSandbox, handle?: Socket) => {
  if (process.connected) process.send?.(message, handle, undefined, () => undefined);
  else handle?.destroy();
};

let vpc: Vpc | undefined;

const open: VpcCalls["open"] = async (options) => {
  vpc = await Vpc.open(options, send);
  return vpc.abilities;
};

async function call(method: keyof VpcCalls, args: readonly unknown[]): Promise<unknown> {
  const run = method === "open" ? open : vpc?.calls[method];
  if (!run) throw new Error("The VPC is not open yet.");
  return (run as (...args: readonly unknown[]) => Promise<unknown>)(...args);
}

/** Joins a connection of the machine to a port of a task or a load balancer; closes it where there is no such thing. */
async function join(outer: Socket, target: ConnectionTarget): Promise<void> {
  outer.on("error", () => undefined);
  const place = await vpc?.placeOf(target);
  const inner = place && (await connectInside(place.namespace, place.address, target.port).catch(() => undefined));
  if (!inner) {
    outer.destroy();
    return;
  }
  joinSockets(outer, inner);
}

process.on("message", (message: ToSandbox, handle: Socket | undefined) => {
  if ("connect" in message) {
    if (handle) void join(handle, message.connect);
    return;
  }
  const { call: id, method, args } = message;
  call(method, args).then(
    (result) => send({ call: id, result }),
    (error: unknown) => send({ call: id, error: error instanceof Error ? error.message : String(error) }),
  );
});

// The first process of the sandbox: everything in it goes when this one does.
process.on("disconnect", () => process.exit(0));
send({ ready: true });
