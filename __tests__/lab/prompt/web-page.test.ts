import type { AppliedLoadBalancer } from "../../../src/lab/control-plane/applied/load-balancers";
import type { ListenerSpec, RuleSpec } from "../../../src/lab/data-plane/data-plane";
import type { Lab } from "../../../src/lab/lab";
import { openWebPages } from "../../../src/lab/prompt/web-page";

const forward = { forward: "shop" };
const none = { fixedResponse: { status: 404 } };
const listener = (change: Partial<ListenerSpec> = {}): ListenerSpec => ({
  ...{ port: 443, protocol: "HTTPS", names: [], rules: [], defaultAction: none },
  ...change,
});

/** The pages of a lab with one load balancer; each forwarded port is the listener's with 40000 added. */
async function urlsOf(...listeners: ListenerSpec[]): Promise<string[]> {
  const lab = {
    loadBalancing: { loadBalancers: [{ arn: "lb", listeners } as unknown as AppliedLoadBalancer] },
    runtime: {
      forwardToLoadBalancer: async (_id: string, port: number) => ({ port: 40_000 + port, close: async () => {} }),
    },
  } as unknown as Pick<Lab, "loadBalancing" | "runtime">;
  return (await openWebPages(lab)).map(({ url }) => url);
}

describe("the pages of a load balancer", () => {
  const shop: RuleSpec = { hosts: ["*.example.com", "shop.example.com"], action: forward };

  it("are at a name below localhost, over HTTPS where it has that", async () => {
    const plain = listener({ port: 80, protocol: "HTTP", rules: [shop] });
    expect(await urlsOf(plain, listener({ rules: [shop] }))).toEqual(["https://shop.example.com.localhost:40443/"]);
    expect(await urlsOf(plain, listener())).toEqual(["http://shop.example.com.localhost:40080/"]);
  });

  it("are at localhost where every name is forwarded", async () => {
    expect(await urlsOf(listener({ defaultAction: forward }))).toEqual(["https://localhost:40443/"]);
    expect(await urlsOf(listener({ rules: [{ paths: ["/*"], action: forward }] }))).toEqual([
      "https://localhost:40443/",
    ]);
  });

  it("aren't there where nothing is forwarded, or for names with wildcards alone", async () => {
    expect(await urlsOf(listener())).toEqual([]);
    expect(await urlsOf(listener({ rules: [{ hosts: ["*.example.com"], action: forward }] }))).toEqual([]);
  });
});
