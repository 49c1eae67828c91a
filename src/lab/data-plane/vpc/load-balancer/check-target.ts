import http from "node:http";
import https from "node:https";
import { slowness } from "../../../waiting/machine";
import type { TargetAnswer, TargetCheck } from "../../network/load-balancer";
import { connectInside } from "../inside";

/** Asks a target from within a namespace, as a load balancer's node does: the security groups of both see the packets. */
export async function checkTarget(namespace: string, check: TargetCheck): Promise<TargetAnswer> {
  const { address, port, protocol, path, timeoutSeconds } = check;
  const socket = await connectInside(namespace, address, port);
  return new Promise((resolve) => {
    const request = (protocol === "HTTPS" ? https : http).request({
      createConnection: () => socket,
      path,
      headers: { host: `${address}:${port}`, "user-agent": "ELB-HealthChecker/2.0", connection: "close" },
    });
    const answer = (value: TargetAnswer) => {
      clearTimeout(timer);
      resolve(value);
      request.destroy();
    };
    // The target has a core of its own on Fargate; here it shares one with all others.
    const timer = setTimeout(() => answer({ failure: "timeout" }), timeoutSeconds * 1000 * slowness());
    request.once("response", ({ statusCode }) => answer({ status: statusCode! }));
    request.on("error", () => answer({ failure: "refused" }));
    request.end();
  });
}
