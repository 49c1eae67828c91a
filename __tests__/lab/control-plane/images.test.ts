import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Images } from "../../../src/lab/control-plane/images";
import { writeProgram } from "../../program";
import { scratchFolder } from "../../scratch";

const root = scratchFolder("images");
const user = 'service "myapp", container "app"';

function release(name: string, ...files: string[]): string {
  const folder = path.join(root, name);
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), "");
  }
  return folder;
}
const mix = release("mix", "bin/myapp", "bin/other", "releases/0.1.0/start.rel", "releases/0.1.0/myapp.rel");
const phoenix = release("phoenix", "bin/myapp", "bin/server", "releases/0.1.0/myapp.rel");
const plain = release("plain", "data/file");

describe("images", () => {
  it.each([
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/myapp2:v1", "myapp2"],
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/myapp2@sha256:abc", "myapp2"],
    ["localhost:5000/myapp2", "localhost:5000/myapp2"],
    ["myapp2:1", "myapp2:1"],
    ["myapp2", "myapp2"],
  ])("%s is found by the name %s", (image, name) => {
    expect(new Images([`${name}=${mix}`]).find(image, user).folder).toBe(mix);
  });

  it("prefers the more exact name", () => {
    const images = new Images([`myapp=${mix}`, `myapp:2=${phoenix}`]);
    expect(images.find("myapp:1", user).folder).toBe(mix);
    expect(images.find("myapp:2", user).folder).toBe(phoenix);
  });

  it("start what their Dockerfile would: bin/server of a Phoenix release, else the release itself", () => {
    const images = new Images([`mix=${mix}`, `phoenix=${phoenix}`, `plain=${plain}`]);
    expect(images.find("mix", user).command([])).toEqual(["bin/myapp", "start"]);
    expect(images.find("phoenix", user).command([])).toEqual(["bin/server"]);
    expect(images.find("plain", user).command([])).toEqual([]);
    expect(images.find("phoenix", user).command(["bin/migrate"])).toEqual(["bin/migrate"]);
  });

  it.each([
    [
      ["haproxy", "-f", "/etc/haproxy.cfg"],
      ["/app/haproxy", "-f", "/etc/haproxy.cfg"],
    ],
    [
      ["/docker-entrypoint.sh", "/usr/local/sbin/haproxy", "-W"],
      ["/app/haproxy", "-W"],
    ],
    [
      ["-f", "/etc/haproxy.cfg"],
      ["/app/haproxy", "-f", "/etc/haproxy.cfg"],
    ],
    [[], ["/app/haproxy"]],
    [
      ["/bin/sh", "-c", "exec haproxy -W"],
      ["/bin/sh", "-c", "exec haproxy -W"],
    ],
  ])("that stand for a program run %j as %j", (given, command) => {
    writeProgram(path.join(root, "haproxy"), "#!/bin/sh\n");
    const images = new Images([`proxy=${root}/haproxy`]);
    const image = images.find("registry.example/proxy:2", user);
    expect(image.folder).toBe(root);
    expect(image.command(given)).toEqual(command);
    expect([images.mapped("proxy:2"), images.mapped("other"), images.hasReleases]).toEqual([
      "program",
      undefined,
      false,
    ]);
  });

  it("refuses an image without a folder, and says how to map it", () => {
    expect(() => new Images([`other=${mix}`]).find("registry.example/team/myapp:7", user)).toThrow(
      `Image registry.example/team/myapp:7 (${user}) has no folder on this machine. Map it to an unpacked release with ` +
        "--image myapp=FOLDER. Mapped are: other.",
    );
    expect(new Images([], mix).find("registry.example/team/myapp:7", user).folder).toBe(mix);
  });

  it.each([
    [
      "myapp",
      "--image myapp: it has to be NAME=FOLDER, such as myapp=_build/prod/rel/myapp, or NAME=PROGRAM, such as proxy=/usr/sbin/haproxy.",
    ],
    [
      "=folder",
      "--image =folder: it has to be NAME=FOLDER, such as myapp=_build/prod/rel/myapp, or NAME=PROGRAM, such as proxy=/usr/sbin/haproxy.",
    ],
    [
      `myapp=${root}/missing`,
      `--image myapp=${root}/missing: there is no folder and no executable file ${root}/missing.`,
    ],
    [
      `myapp=${plain}/data/file`,
      `--image myapp=${plain}/data/file: there is no folder and no executable file ${plain}/data/file.`,
    ],
  ])("refuses the mapping %s", (mapping, message) => {
    expect(() => new Images([mapping])).toThrow(message);
  });

  it("refuses to map an image twice", () => {
    expect(() => new Images([`a=${mix}`, `a=${plain}`])).toThrow(`--image a=${plain}: a is mapped already, to ${mix}.`);
  });
});
