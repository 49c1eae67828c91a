import { benchLab } from "./lab";
import { benchReview } from "./review";
import { benchSynth } from "./synth";

const benches: Record<string, () => void | Promise<void>> = {
  synth: benchSynth,
  review: () => {
    console.log("review, plan's text to printed review");
    for (const { services, topology, mebibytes, rules, seconds } of benchReview()) {
      const what = `${String(services).padStart(4)} services (${topology}, ${rules} rules, ${mebibytes.toFixed(1)} MiB)`;
      console.log(`  ${what.padEnd(56)} ${seconds.toFixed(3)} s`);
    }
  },
  lab: () => benchLab(),
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
