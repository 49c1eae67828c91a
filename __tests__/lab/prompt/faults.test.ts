import { faults } from "../../../src/lab/prompt/faults";
import { nameOfCommand, type Session } from "../../../src/lab/prompt/command";

/** A session with one task, and what was printed in it. */
function session(interrupt: () => void) {
  const printed: string[] = [];
  const task = {
    id: "aaaa1111bbbb",
    order: { serviceName: "myapp" },
    networkInterface: { address: "10.0.1.4" },
    interrupt,
  };
  const lab = { tasks: [task] };
  return { printed, session: { lab, print: (text: string) => printed.push(text) } as unknown as Session };
}

const interrupt = faults.find((command) => nameOfCommand(command) === "interrupt")!;

describe("interrupt", () => {
  it("takes a Spot task back", async () => {
    const taken = jest.fn();
    const { printed, session: of } = session(taken);
    await interrupt.run(of, "myapp");
    expect(taken).toHaveBeenCalledTimes(1);
    expect(printed).toEqual(["Interrupted myapp aaaa1111 (10.0.1.4)."]);
  });

  it("passes on that a task doesn't run on Spot", () => {
    const { printed, session: of } = session(() => {
      throw new Error("Task aaaa runs on FARGATE, not on Spot.");
    });
    expect(() => interrupt.run(of, "aaaa")).toThrow("not on Spot");
    expect(printed).toEqual([]);
  });
});
