import { bothSettings, settingsOf } from "../../../src/lab/history/settings";

const service = (name: string, environment: Record<string, string>, dnsTtl: number) => ({
  name,
  dnsName: `${name}.local`,
  definition: { containers: [{ environment }] },
  timing: { containers: [{ environment }], dnsTtl },
});

const lab = (services: object[]) =>
  ({ services, cloudMap: { zones: () => [{ negativeTtl: 1 }] } }) as unknown as Parameters<typeof settingsOf>[0];

describe("settingsOf", () => {
  it("takes the slowest service, without those that are apart", () => {
    // GIVEN two services that poll each other, and one that must connect to none
    const shop = service(
      "shop",
      { NET_TICKTIME: "8", CLUSTER_NODES: "shop@jobs.local", CLUSTER_POLLING_INTERVAL: "500" },
      1,
    );
    const jobs = service(
      "jobs",
      { NET_TICKTIME: "15", CLUSTER_NODES: "shop@shop.local", CLUSTER_POLLING_INTERVAL: "2000" },
      10,
    );
    const untrusted = service("untrusted", {}, 60);
    // THEN
    expect(settingsOf(lab([shop, jobs, untrusted]), ["untrusted"])).toEqual({
      ...{ netTicktime: 15, pollingIntervalMs: 2000, dnsTtl: 10, negativeTtl: 1 },
      clusters: expect.arrayContaining([["shop", "jobs"]]) as unknown,
      apart: ["untrusted"],
    });
    // Erlang's own default, and libcluster's, where a service says nothing
    expect(settingsOf(lab([untrusted]), [])).toMatchObject({ netTicktime: 60, pollingIntervalMs: 5000, dnsTtl: 60 });
  });

  it("keeps the longer times of a lab whose services change", () => {
    const before = settingsOf(lab([service("shop", { NET_TICKTIME: "60" }, 1)]), []);
    const after = settingsOf(lab([service("shop", { NET_TICKTIME: "8" }, 10)]), ["untrusted"]);
    expect(bothSettings(before, after)).toMatchObject({ netTicktime: 60, dnsTtl: 10, apart: ["untrusted"] });
    expect(bothSettings(before, { ...after, clusters: [] }).clusters).toEqual(before.clusters);
  });
});
