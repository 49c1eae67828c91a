import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebLoad } from "../../../src/lab/load/web-load";

let server: Server;
let held: (() => void)[];

beforeEach(async () => {
  held = [];
  server = createServer(({ url }, response) => {
    if (url === "/slow?seconds=60") held.push(() => response.end());
    else response.end();
  });
  server.on("upgrade", (_request, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(() => server.close());

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

it("holds responses on top of the steady load, one after another, until they are released", async () => {
  let ended = 0;
  const load = new WebLoad({
    port: (server.address() as AddressInfo).port,
    host: "shop.example.com",
    slowSeconds: 1,
    onOutcome: ({ kind, failure }) => (ended += kind === "slow" && failure === undefined ? 1 : 0),
  });
  try {
    const release = load.hold(2, 60);
    await until(() => held.length === 2);
    held[0]!();
    await until(() => held.length === 3);
    release();
    held.slice(1).forEach((end) => end());
    const before = ended;
    await until(() => ended > before + 20);
    expect(held).toHaveLength(3);
  } finally {
    load.stop();
  }
});
