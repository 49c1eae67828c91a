import { describeWithTerraform } from "../terraform-here";
import { DemoProcess, nothingSurvives, survivors } from "./demo-process";

const onLinux =
  process.platform === "linux"
    ? describeWithTerraform
    : (name: string, tests: () => void) => {
        console.warn(`SKIPPED ${name}: processes are looked up in /proc, which only Linux has`);
        describe.skip(name, tests);
      };

onLinux("the demo, interrupted", () => {
  it.each(["Create the prerequisites", "terraform init", "terraform plan", "terraform apply", "Start the tasks"])(
    "leaves no process and no file when Ctrl-C comes at «%s»",
    async (step) => {
      // GIVEN a demo that has reached a step
      const demo = DemoProcess.start();
      await demo.says(step);
      const processes = demo.descendants();

      // WHEN it is interrupted
      demo.kill("SIGINT");
      const { exitCode, all } = await demo.ended();

      // THEN it says so, and nothing remains
      expect(all).toContain("Interrupted: everything that this run started has stopped.");
      expect(exitCode).toBe(130);
      expect(survivors(processes, demo.folder)).toEqual([]);
      expect(demo.files()).toEqual([]);
      demo.remove();
    },
  );

  it("cleans up although Ctrl-C comes again and again", async () => {
    // GIVEN a demo that ends what it started
    const demo = DemoProcess.start();
    await demo.says("terraform apply");
    await demo.hasStarted("terraform-provider");
    const processes = demo.descendants();
    demo.kill("SIGINT");
    await demo.says("Interrupted: stopping everything");

    // WHEN
    for (const signal of ["SIGINT", "SIGTERM", "SIGINT"] as const) demo.kill(signal);

    // THEN it ends by itself: a signal ends it at most while Node exits, which has no listeners any more
    const { exitCode, signal, all } = await demo.ended();
    expect(all).toContain("Interrupted: everything that this run started has stopped.");
    expect([130, "SIGINT", "SIGTERM"]).toContain(exitCode ?? signal);
    expect(survivors(processes, demo.folder)).toEqual([]);
    expect(demo.files()).toEqual([]);
    demo.remove();
  });
});

onLinux("the demo, killed by SIGKILL", () => {
  it.each([
    ["terraform plan", "terraform-provider"],
    ["terraform apply", "terraform-provider"],
    ["Start the tasks", "beam.smp"],
  ])("takes every process along at «%s»; the next run removes its folder", async (step, command) => {
    // GIVEN
    const demo = DemoProcess.start();
    await demo.says(step);
    await demo.hasStarted(command);
    const processes = demo.descendants();

    // WHEN
    demo.kill("SIGKILL");
    expect(await demo.ended()).toMatchObject({ signal: "SIGKILL" });

    // THEN
    await nothingSurvives(processes, demo.folder);
    expect(demo.files()).toEqual([expect.stringMatching(/^elixir-cluster-\d+\./)]);

    // AND
    const next = DemoProcess.start(demo.folder);
    await next.says("Start local AWS");
    next.kill("SIGINT");
    await next.ended();
    expect(demo.files()).toEqual([]);
    demo.remove();
  });
});
