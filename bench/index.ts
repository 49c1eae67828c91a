import { benches } from "./benches";

// As src/cli.ts does: the SDK says this at every start, and it is about Node versions that are not ours to choose.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`error: no bench called ${unknown.join(", ")}. Allowed: ${Object.keys(benches).join(", ")}`);
  process.exit(2);
}
void (async () => {
  for (const name of asked.length > 0 ? asked : Object.keys(benches)) await benches[name]!();
})();
