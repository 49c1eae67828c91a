import https from "node:https";
import http from "node:http";
import { once } from "node:events";
import type { AppliedLoadBalancer } from "../control-plane/applied/load-balancers";
import type { Lab } from "../lab";

/** A page of this machine's browser that goes through a load balancer. */
export interface WebPage {
  /** Such as `https://shop.example.com.localhost:41234/`: browsers take each name below `localhost` for this machine. */
  readonly url: string;
  close(): Promise<void>;
}

/** Opens the first listener of each load balancer that forwards anything, HTTPS before HTTP. */
export async function openWebPages(lab: Pick<Lab, "loadBalancing" | "runtime">): Promise<WebPage[]> {
  const pages: WebPage[] = [];
  for (const balancer of lab.loadBalancing.loadBalancers) {
    const entrance = entranceOf(balancer);
    if (!entrance) continue;
    const { port, close } = await lab.runtime.forwardToLoadBalancer(balancer.arn, entrance.port);
    const name = entrance.host ? `${entrance.host}.localhost` : "localhost";
    pages.push({ url: `${entrance.protocol.toLowerCase()}://${name}:${port}/`, close });
  }
  return pages;
}

/** The listener to enter by, and a name that it forwards; no name where it forwards all. */
function entranceOf({ listeners }: AppliedLoadBalancer) {
  const forwarding = [...listeners]
    .sort((a, b) => Number(b.protocol === "HTTPS") - Number(a.protocol === "HTTPS"))
    .flatMap(({ port, protocol, rules, defaultAction }) =>
      [...rules, { action: defaultAction, hosts: undefined }]
        .filter(({ action }) => "forward" in action)
        .map(({ hosts }) => ({ port, protocol, host: hosts?.find((name) => !/[*?]/.test(name)), named: hosts })),
    );
  return forwarding.find(({ host, named }) => host !== undefined || named === undefined);
}

/** What a page answers: its status and body. The certificate of the run is trusted. @throws Error when nothing answers */
export async function readWebPage(url: string): Promise<{ readonly status: number; readonly body: string }> {
  const { protocol, hostname, port, host } = new URL(url);
  const options = { host: "127.0.0.1", port, headers: { host }, servername: hostname, rejectUnauthorized: false };
  const request = protocol === "https:" ? https.get(options) : http.get(options);
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode!, body };
}
