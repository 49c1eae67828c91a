import { asTyped, commandWords, isPackaged } from "../src/installed";

describe("isPackaged", () => {
  it.each([
    ["/shop/infrastructure/node_modules/elixir-cluster/dist/bundles", true],
    ["/shop/node_modules/elixir-cluster/dist/lib/environment", true],
    ["C:\\shop\\node_modules\\elixir-cluster\\dist\\bundles", true],
    ["/checkout/.cache/bundles", false],
    ["/checkout/src", false],
    ["/home/dist/libraries/elixir-cluster/src", false],
  ])("%s: %s", (folder, packaged) => expect(isPackaged(folder)).toBe(packaged));
});

describe("a command as its user types it", () => {
  it("is a script in a checkout, and npx where the package is installed", () => {
    expect(commandWords("doctor", false)).toEqual(["npm", "run", "doctor", "--"]);
    expect(commandWords("doctor", true)).toEqual(["npx", "elixir-cluster", "doctor"]);
  });

  it("is replaced in the text of help", () => {
    const help = "Examples:\n  npm run synth\n  npm run lab -- list\n  npm run bench -- synth";
    expect(asTyped(help, ["synth", "lab"], false)).toBe(help);
    expect(asTyped(help, ["synth", "lab"], true)).toBe(
      "Examples:\n  npx elixir-cluster synth\n  npx elixir-cluster lab list\n  npm run bench -- synth",
    );
  });
});
