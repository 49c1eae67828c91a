import { nextProvider } from "../../../src/lab/control-plane/capacity";

/** Providers of tasks that start one after another and go on. */
function started(count: number, strategy: Parameters<typeof nextProvider>[0]): string[] {
  const running: string[] = [];
  while (running.length < count) running.push(nextProvider(strategy, running));
  return running;
}

const share = (provider: string, weight: number, base = 0) => ({ provider, weight, base });
const counted = (providers: readonly string[]) => ({
  spot: providers.filter((each) => each === "FARGATE_SPOT").length,
  onDemand: providers.filter((each) => each === "FARGATE").length,
});

describe("nextProvider", () => {
  it("fills the base first, then keeps to the weights", () => {
    const strategy = [share("FARGATE", 1, 2), share("FARGATE_SPOT", 3)];
    expect(started(2, strategy)).toEqual(["FARGATE", "FARGATE"]);
    expect(counted(started(10, strategy))).toEqual({ spot: 6, onDemand: 4 });
    expect(counted(started(6, strategy))).toEqual({ spot: 3, onDemand: 3 });
  });

  it("replaces an interrupted task on the provider that lacks it", () => {
    const strategy = [share("FARGATE", 1), share("FARGATE_SPOT", 1)];
    expect(nextProvider(strategy, ["FARGATE", "FARGATE", "FARGATE_SPOT"])).toBe("FARGATE_SPOT");
    expect(nextProvider(strategy, ["FARGATE", "FARGATE_SPOT", "FARGATE_SPOT"])).toBe("FARGATE");
  });

  it("takes a provider without weight for its base only", () => {
    expect(started(3, [share("FARGATE", 0, 1), share("FARGATE_SPOT", 1)])).toEqual([
      "FARGATE",
      "FARGATE_SPOT",
      "FARGATE_SPOT",
    ]);
  });

  it("is Fargate without a strategy", () => {
    expect(nextProvider([], [])).toBe("FARGATE");
  });
});
