import { timed, timingsTable } from "../../src/lab/timings";

const after = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** The table's cells, without its last line. */
const rows = () =>
  timingsTable()
    .split("\n")
    .slice(0, -2)
    .map((line) => line.trim().split(/ {2,}/));

describe("timings", () => {
  // The timeline is that of the whole process, which runs other test files too.
  beforeEach(() => performance.clearMeasures());

  it("adds up what has the same name, longest first, and gives what the work gives", async () => {
    expect(await timed("terraform plan", () => after(20).then(() => "planned"))).toBe("planned");
    await timed("terraform plan", () => after(40));
    await timed("local AWS starts", () => after(1));
    const [head, first, second, ...others] = rows();
    expect(head).toEqual(["step", "times", "seconds", "longest"]);
    expect([first!.slice(0, 2), second!.slice(0, 2), others]).toEqual([
      ["terraform plan", "2"],
      ["local AWS starts", "1"],
      [],
    ]);
    expect(Number(first![2])).toBeGreaterThan(Number(first![3]));
    expect(Number(first![3])).toBeGreaterThanOrEqual(0.04);
  });

  it("counts work that failed", async () => {
    await expect(timed("terraform apply", () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
    expect(rows()[1]!.slice(0, 2)).toEqual(["terraform apply", "1"]);
  });

  it("leaves out what libraries measure", () => {
    performance.measure("of a library", { start: 0, end: 1000 });
    expect(rows()).toHaveLength(1);
  });
});
