import { maximumPercentFor, maxTasks } from "../../../src/aws/ecs/deployment-percent";

describe("maximumPercentFor", () => {
  it.each([
    [0, 200, 0],
    [1, 200, 2],
    [2, 200, 4],
    [3, 200, 6],
    [4, 200, 8],
    [5, 160, 8],
    [6, 134, 8],
    [7, 115, 8],
    [8, 200, 16],
    [50, 200, 100],
  ])("%i tasks: %i %%, %i at most", (tasks, percent, most) => {
    expect(maximumPercentFor(tasks)).toBe(percent);
    expect(maxTasks(tasks, percent)).toBe(most);
  });

  it("never lets a deployment exceed one DNS answer while that leaves room for a new task", () => {
    for (let tasks = 1; tasks < 8; tasks++) {
      const most = maxTasks(tasks, maximumPercentFor(tasks));
      expect(most).toBeLessThanOrEqual(8);
      expect(most).toBeGreaterThan(tasks);
    }
  });
});
