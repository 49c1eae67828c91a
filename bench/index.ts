import { benchSynth } from "./synth";

const benches: Record<string, () => Promise<void>> = { synth: benchSynth };

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`error: no bench called ${unknown.join(", ")}. Allowed: ${Object.keys(benches).join(", ")}`);
  process.exit(2);
}
void (async () => {
  for (const name of asked.length > 0 ? asked : Object.keys(benches)) await benches[name]!();
})();
