import { existsSync } from "node:fs";
import path from "node:path";
import { TerraformOutput, TerraformStack } from "cdktf";
import { projectRoot } from "../../../src/project-root";
import { synthesizeFile } from "../../../src/stacks/app/synthesize-file";
import { scratchFolder } from "../../scratch";

describe("synthesizeFile", () => {
  const file = path.join(projectRoot, "environments.json");
  let outdir: string;
  let printed: string[];
  beforeEach(() => {
    outdir = scratchFolder("synthesize-file");
    printed = [];
    const print = (text: string | Uint8Array) => Boolean(printed.push(String(text)));
    jest.spyOn(process.stdout, "write").mockImplementation(print);
    jest.spyOn(process.stderr, "write").mockImplementation(print);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
  });

  const written = (stack: string) => path.join(outdir, "stacks", stack, "cdk.tf.json");

  it("writes the environments' stacks and the stacks that the caller adds, even where these refer to others", () => {
    synthesizeFile({
      file,
      outdir,
      extend: (app) => {
        const own = new TerraformStack(app, "own");
        const other = new TerraformStack(app, "other");
        const output = new TerraformOutput(own, "name", { value: "shop" });
        new TerraformOutput(other, "copy", { value: output.value });
      },
    });
    expect(printed.join("")).toContain(written("own"));
    for (const stack of ["prod", "own", "other"]) expect(existsSync(written(stack))).toBe(true);
  });

  it("shows the stack of an error that the caller's own code throws", () => {
    synthesizeFile({
      file,
      outdir,
      extend: () => {
        throw new Error("mine");
      },
    });
    expect(printed.join("")).toMatch(/Error: mine\n +at .*synthesize-file\.test/);
    expect(process.exitCode).toBe(1);
  });

  it("reports a missing file in a sentence", () => {
    synthesizeFile({ file: path.join(outdir, "none.json"), outdir });
    expect(printed.join("")).toMatch(/none\.json.*no such file/);
    expect(printed.join("")).not.toMatch(/^ +at /m);
    expect(process.exitCode).toBe(1);
  });
});
