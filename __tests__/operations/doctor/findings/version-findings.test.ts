import { versionFindings } from "../../../../src/operations/doctor/findings/version-findings";
import type { Observation } from "../../../../src/operations/doctor/observation";
import { environment, services } from "./environment";

/** What AWS says of services, each with the version in its newest task definition. */
const observed = (versions: Record<string, string | undefined>) =>
  Object.entries(versions).map(
    ([name, value]) =>
      ({
        service: { name, cluster: services[name as keyof typeof services] },
        ecs: {},
        definition: {
          containerDefinitions: [{ name, environment: value ? [{ name: "CLUSTER_VERSION", value }] : [] }],
        },
      }) as unknown as Observation,
  );

describe("services of one cluster whose versions are apart", () => {
  const texts = (versions: unknown, observations: readonly Observation[]) =>
    versionFindings(environment(versions), observations).map(({ about, text }) => `${about}: ${text}`);

  it("are fine with one version", () => {
    expect(texts("apart", observed({ shop: "1_4_2", jobs: "1_4_2", mail: "2_0_0" }))).toEqual([]);
  });

  it.each([
    ["1_4_2", "1_4_1", "1_4_1"],
    ["1_4_2", undefined, "none"],
  ])("don't connect with %s and %s", (shop, jobs, shown) => {
    const [finding, ...others] = versionFindings(
      environment({ acme: "apart" }),
      observed({ shop, jobs, mail: "2_0_0" }),
    );
    expect(others).toEqual([]);
    expect(finding).toEqual({
      severity: "error",
      about: "shop, jobs",
      text: `run different versions, which don't connect: shop 1_4_2, jobs ${shown}`,
      advice: expect.stringContaining("deploy again: ") as string,
    });
  });

  it("don't matter together, or where a service isn't deployed", () => {
    const different = observed({ shop: "1_4_2", jobs: "1_4_1" });
    expect(texts("together", different)).toEqual([]);
    expect(texts({ acme: "apart" }, [different[0]!, { ...different[1]!, ecs: undefined }])).toEqual([]);
  });
});
