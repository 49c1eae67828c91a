import { shiftingOf, shiftMinutes, steadyStateMinutes, type DeploymentStrategy } from "../src/deployment";

it.each<[DeploymentStrategy | undefined, number]>([
  [undefined, 0],
  [{ rolling: { maximumPercent: 150 } }, 0],
  [{ blueGreen: {} }, 5],
  [{ blueGreen: { bakeMinutes: 0 } }, 0],
  [{ canary: {} }, 15],
  [{ canary: { canaryMinutes: 30, bakeMinutes: 1 } }, 31],
  [{ linear: {} }, 65],
  [{ linear: { stepPercent: 30, stepMinutes: 2, bakeMinutes: 3 } }, 11],
])("%j shifts requests within %i minutes, and Terraform waits 20 more", (strategy, minutes) => {
  expect(shiftMinutes({ strategy })).toBe(minutes);
  expect(steadyStateMinutes({ strategy })).toBe(20 + minutes);
});

it("knows which strategies shift requests", () => {
  expect(shiftingOf({})).toBeUndefined();
  expect(shiftingOf({ strategy: { rolling: {} } })).toBeUndefined();
  expect(shiftingOf({ strategy: { canary: { bakeMinutes: 7 } } })).toEqual({ bakeMinutes: 7 });
});
