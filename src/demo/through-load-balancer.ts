import type { Lab } from "../lab/lab";
import { openWebPages, readWebPage } from "../lab/prompt/web-page";
import type { Finding } from "../lab/scenarios/scenario";

/** Reads the application's page through each load balancer, over TLS and the security groups of both. */
export async function readThroughLoadBalancers(lab: Lab, signal: AbortSignal): Promise<Finding[]> {
  await lab.steady({ signal });
  const pages = await openWebPages(lab);
  return Promise.all(
    pages.map(async ({ url, close }) => {
      const { status, body } = await readWebPage(url).finally(() => void close());
      const title = /<title>(.*?)<\/title>/.exec(body)?.[1] ?? "no title";
      const name = new URL(url).hostname.replace(/\.localhost$/, "");
      return { ok: status === 200, line: `the page of ${name} through the load balancer: ${status}, "${title}"` };
    }),
  );
}
