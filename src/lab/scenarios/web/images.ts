import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { serviceDefaults } from "../../../aws/defaults";

export const failingImage = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp:failing";
export const earlyImage = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp:early";

/** Seconds that {@link earlyImage} takes to serve, after it has said that it does. */
const earlySeconds = 10;

/** Answers the load balancer's health checks with a status, and everything but `/health` with 503 for some seconds. */
const server = (health: number, seconds: number) => `#!/usr/bin/env python3
import http.server, os, signal, time
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
begin = time.monotonic()

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            self.send_response(${health} if "ELB" in self.headers.get("User-Agent", "") else 200)
        else:
            self.send_response(503 if time.monotonic() - begin < ${seconds} else 200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(("", ${serviceDefaults.httpPort}), Handler).serve_forever()
`;

/** Images as `NAME=FOLDER`: one whose health check fails, and one whose health check passes before it serves. */
export function webImages(scratch: string): string[] {
  return [
    [failingImage, server(500, 0)],
    [earlyImage, server(200, earlySeconds)],
  ].map(([image, program]) => {
    const folder = path.join(scratch, image!.split(":").at(-1)!);
    mkdirSync(path.join(folder, "bin"), { recursive: true });
    const file = path.join(folder, "bin", "server");
    writeFileSync(file, program!);
    chmodSync(file, 0o755);
    return `${image}=${folder}`;
  });
}
