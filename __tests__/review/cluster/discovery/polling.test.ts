import type { Container, Containers } from "../../../../src/review/cluster/node/containers";
import { looksFor, pollsOf, type Poll, type Polls } from "../../../../src/review/cluster/discovery/polling";

const polls = (environment: Record<string, string>, basename?: string): Polls => {
  const container = { environment: new Map(Object.entries(environment)) } as unknown as Container;
  return pollsOf({ known: [container] } as unknown as Containers, container, basename);
};

describe("what a service's nodes poll", () => {
  it.each<[Record<string, string>, readonly Poll[]]>([
    [{ CLUSTER_NODES: "shop@Shop.Internal" }, [{ basename: "shop", host: "shop.internal" }]],
    [
      { CLUSTER_NODES: " shop@a.internal , ,b.Internal" },
      [
        { basename: "shop", host: "a.internal" },
        { basename: undefined, host: "b.internal" },
      ],
    ],
    [{ CLUSTER_NODES: "" }, []],
    [
      { DNS_CLUSTER_QUERY: "A.internal, b.internal," },
      [
        { basename: "web", host: "a.internal" },
        { basename: "web", host: "b.internal" },
      ],
    ],
    [{ CLUSTER_NODES: "", DNS_CLUSTER_QUERY: "b.internal" }, [{ basename: "web", host: "b.internal" }]],
    [{ CLUSTER_NODES: "", DNS_CLUSTER_QUERY: "" }, []],
    [{ DNS_CLUSTER_QUERY: "b.internal." }, [{ basename: "web", host: "b.internal" }]],
    [{ CLUSTER_NODES: "shop@a.internal." }, [{ basename: "shop", host: "a.internal." }]],
    // This project's own variable comes first.
    [{ CLUSTER_NODES: "shop@a", DNS_CLUSTER_QUERY: "b" }, [{ basename: "shop", host: "a" }]],
  ])("%j", (environment, known) => {
    expect(polls(environment, "web")).toEqual({ known });
  });

  it("isn't known without these variables, or without a container", () => {
    expect(polls({})).toEqual({ unknown: expect.stringContaining("CLUSTER_NODES, DNS_CLUSTER_QUERY") as string });
    expect(pollsOf({ known: [] } as unknown as Containers, undefined, "web")).toHaveProperty("unknown");
    expect(pollsOf({ unknown: "a variable" }, undefined, "web")).toEqual({ unknown: "a variable" });
  });
});

describe("a service looks for another", () => {
  const from = (...known: readonly Poll[]) => ({ dnsName: undefined, basename: undefined, polls: { known } });
  const to = (dnsName: string | undefined, basename?: string) => ({ dnsName, basename, polls: { known: [] } });
  const shop = { basename: "shop", host: "shop.internal" };

  it("by its DNS name and its basename, where both are known", () => {
    expect(looksFor(from(shop), to("shop.internal", "shop"))).toBe(true);
    expect(looksFor(from(shop), to("shop.internal"))).toBe(true);
    expect(looksFor(from({ ...shop, basename: undefined }), to("shop.internal", "stock"))).toBe(true);
    expect(looksFor(from({ ...shop, host: "stock.internal" }, shop), to("shop.internal", "shop"))).toBe(true);
    expect(looksFor(from(shop), to("shop.internal", "stock"))).toBe(false);
    expect(looksFor(from(shop), to("stock.internal", "shop"))).toBe(false);
    expect(looksFor(from(shop), to(undefined, "shop"))).toBe(false);
    expect(looksFor(from(), to("shop.internal", "shop"))).toBe(false);
    expect(looksFor({ ...from(), polls: { unknown: "a variable" } }, to("shop.internal"))).toBe(false);
  });
});
