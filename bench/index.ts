import { limitSemiSpace } from "../src/lab/data-plane/semi-space";

// As src/cli.ts does: the SDK says this at every start, and it is about Node versions that are not ours to choose.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const benches: Record<string, () => void | Promise<void>> = {
  // Each loads what it needs and no more: the lab's memory is measured too.
  synth: async () => (await import("./synth")).benchSynth(),
  review: async () => {
    const { benchReview } = await import("./review");
    console.log("review, plan's text to printed review");
    for (const { services, topology, mebibytes, rules, seconds } of benchReview()) {
      const what = `${String(services).padStart(4)} services (${topology}, ${rules} rules, ${mebibytes.toFixed(1)} MiB)`;
      const limit = services === 200 && topology === "cluster" ? "   limit 1 s" : "";
      console.log(`  ${what.padEnd(56)} ${seconds.toFixed(3)} s${limit}`);
    }
  },
  lab: async () => {
    limitSemiSpace();
    await (await import("./lab")).benchLab();
  },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`error: no bench called ${unknown.join(", ")}. Allowed: ${Object.keys(benches).join(", ")}`);
  process.exit(2);
}
void (async () => {
  for (const name of asked.length > 0 ? asked : Object.keys(benches)) await benches[name]!();
})();
