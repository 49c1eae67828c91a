import { attempted } from "../../../../src/lab/scenarios/steps/attempted";

const drawing = (...values: number[]) => jest.fn(() => Promise.resolve(values.shift()!));
const positive = (value: number) => value > 0;

describe("what chance decides", () => {
  it("is tried until it is as wanted", async () => {
    const draw = drawing(0, 0, 18, 20);
    await expect(attempted(5, draw, positive)).resolves.toEqual({ value: 18, attempts: 3 });
    expect(draw).toHaveBeenCalledTimes(3);
  });

  it("is tried no more often than allowed, and then not as wanted", async () => {
    const draw = drawing(0, 0, 0, 18);
    await expect(attempted(3, draw, positive)).resolves.toEqual({ value: 0, attempts: 3 });
    expect(draw).toHaveBeenCalledTimes(3);
  });
});
