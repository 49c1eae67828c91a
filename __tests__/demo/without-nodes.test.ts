import { withoutNodes } from "../../src/demo/demo";
import { sandboxSupportOf } from "../../src/lab/data-plane/sandbox/requirements";

it("says on another system what the demo proved, what not, and the line that proves all", () => {
  const support = sandboxSupportOf({
    platform: "darwin",
    isRoot: false,
    hasTool: () => true,
    refusalOf: () => undefined,
    forbiddenBy: () => "",
  });
  const text = withoutNodes("missing" in support ? support.missing : "");
  expect(text).toMatch(/^\nProved: .*\nNot proved: that nodes find each other.*\nThe lab needs Linux/);
  expect(text).toContain("docker run --rm -it --privileged elixir-cluster-lab npm run demo");
});
