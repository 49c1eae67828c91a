import { conformance } from "../../../src/lab/conformance/conformance";
import { startTaskRuntime } from "../../../src/lab/data-plane/runtime";
import { describeWithSandbox } from "../sandbox-here";
import { run } from "./scenario-here";

describeWithSandbox("conformance", () => {
  it("has packets, review, compiler and documentation agree on random layouts", async () => {
    const { ok, lines, measurements } = await run("conformance", { layouts: 6, seed: 20 });
    expect({ ok, lines }).toEqual({
      ok: true,
      lines: [expect.stringMatching(/: 0 disagreements$/), expect.any(String)],
    });
    expect(measurements).toMatchObject({ layouts: 6, disagreements: 0 });
    expect(measurements.passed).toBeGreaterThan(100);
    // AND each part of the network denies connections that the others let pass
    expect(measurements.deniedByAcls).toBeGreaterThan(100);
    expect(measurements.deniedByRoutes).toBeGreaterThan(10);
    expect(measurements.connections).toBeGreaterThan(measurements.passed as number);
  });

  it("reports packets that say something else, and what repeats it", async () => {
    // A router that knows no network ACLs and no routes.
    const start: typeof startTaskRuntime = async (options) => ({
      ...(await startTaskRuntime(options)),
      applySubnets: async () => undefined,
    });
    const { figures, disagreements } = await conformance({ layouts: 1, seed: 51, start });
    expect(figures.disagreements).toBeGreaterThan(0);
    expect(disagreements[0]).toMatch(
      /packets: passes, documentation: is dropped, review: (is dropped|unknown), compiler: is dropped/,
    );
    expect(disagreements[0]!.split("\n").length).toBeLessThan(24);
  });
});
