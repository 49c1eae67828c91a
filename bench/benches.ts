import { limitSemiSpace } from "../src/lab/data-plane/sandbox/semi-space";

/** What `npm run bench` measures, by the name that it takes as an argument. */
export const benches: Record<string, () => void | Promise<void>> = {
  // Each loads what it needs and no more: the lab's memory is measured too.
  synth: async () => (await import("./synth")).benchSynth(),
  review: async () => {
    const { benchAgainst, benchReview } = await import("./review");
    console.log("review, plan's text to printed review");
    for (const { services, topology, mebibytes, rules, seconds } of benchReview()) {
      const what = `${String(services).padStart(4)} services (${topology}, ${rules} rules, ${mebibytes.toFixed(1)} MiB)`;
      const limit = services === 200 && topology === "cluster" ? "   limit 1 s" : "";
      console.log(`  ${what.padEnd(56)} ${seconds.toFixed(3)} s${limit}`);
    }
    console.log(`  ${"  50 services (cluster) against 49".padEnd(56)} ${benchAgainst().toFixed(3)} s   limit 1 s`);
  },
  encryption: async () => (await import("./encryption")).benchEncryption(),
  apply: async () => (await import("./apply")).benchApply(),
  lab: async () => {
    limitSemiSpace();
    await (await import("./lab")).benchLab();
  },
};
