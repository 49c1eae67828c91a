import { taskRange } from "../../../src/aws/ecs/task-range";

it.each([
  [3, { min: 3, max: 3 }],
  [{ max: 5 }, { min: 1, max: 5 }],
  [
    { min: 2, max: 5, schedule: [{ min: 0 }, { max: 9 }, undefined] },
    { min: 0, max: 9 },
  ],
])("%j is %j at any time", (tasks, range) => {
  expect(taskRange(tasks)).toEqual(range);
});
