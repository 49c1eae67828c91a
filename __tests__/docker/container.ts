import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import dockerignore from "@balena/dockerignore";
import { execa } from "execa";
import { configurationForRun } from "../../src/lab/local-aws/terraform/terraform-configuration";
import { projectRoot } from "../../src/project-root";
import { type instructions, textsOf } from "./lab-image";
import { copiedPlaces, debianMirror, machineVariables, mountedPlaces } from "./machine-places";

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A Debian in a folder, in which the Dockerfile's steps run. */
export class Container {
  private readonly environment: Record<string, string> = {};
  private readonly providers: string[] = [];
  private folder = "/";

  constructor(private readonly root: string) {}

  async start(): Promise<void> {
    const [, suite] = /^debian:(\w+)-/.exec(textsOf("FROM")[0]!)!;
    await execa("debootstrap", ["--variant=minbase", suite!, this.root, debianMirror()]);
  }

  /**
   * Runs a command in namespaces of its own, as `docker run --privileged` does.
   *
   * @param shown whether its output also goes to the terminal, while it runs
   * @returns its output
   */
  async run(command: string, { shown = false } = {}): Promise<string> {
    // Again before each step: packages write their own.
    for (const file of copiedPlaces()) {
      rmSync(this.inside(file), { recursive: true, force: true });
      cpSync(file, this.inside(file), { recursive: true, dereference: true });
    }
    const { stdout } = await execa(
      "unshare",
      [
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "sh",
        "-e",
        "-c",
        `${this.enter()}\nexec /bin/sh -c "$0"`,
        command,
      ],
      {
        extendEnv: false,
        env: {
          ...machineVariables(),
          PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          HOME: homedir(),
          ...this.environment,
        },
        stdin: "ignore",
        stdout: shown ? ["pipe", "inherit"] : "pipe",
      },
    );
    return stdout;
  }

  async carryOut({ keyword, text }: (typeof instructions)[number]): Promise<void> {
    if (keyword === "RUN") await this.run(text);
    if (keyword === "ENV") this.environment[text.split("=")[0]!] = text.split("=")[1]!;
    if (keyword === "WORKDIR") {
      this.folder = text;
      mkdirSync(this.inside(text), { recursive: true });
    }
    if (keyword === "COPY") this.copy(text);
  }

  /** Where a path of the container is on this machine. */
  inside(place: string): string {
    return path.join(this.root, place);
  }

  /** Makes the folder the root, as an engine does: with `chroot`, the lab couldn't make namespaces. */
  private enter(): string {
    const root = quoted(this.root);
    return [
      `mount --bind ${root} ${root}`,
      ...["sys", "dev"].map((each) => `mount --rbind /${each} ${root}/${each}`),
      `mount -t proc proc ${root}/proc`,
      ...mountedPlaces(this.providers).flatMap((place) => {
        this.makePlaceFor(place);
        const target = quoted(this.inside(place));
        return [`mount --bind ${quoted(place)} ${target}`, `mount -o remount,bind,ro ${target}`];
      }),
      `cd ${root}`,
      "mkdir .machine",
      "pivot_root . .machine",
      "umount --lazy /.machine",
      "rmdir /.machine",
      `cd ${quoted(this.folder)}`,
    ].join("\n");
  }

  private makePlaceFor(place: string): void {
    const isFolder = statSync(place).isDirectory();
    mkdirSync(this.inside(isFolder ? place : path.dirname(place)), { recursive: true });
    if (!isFolder) writeFileSync(this.inside(place), "", { flag: "a" });
  }

  private copy(text: string): void {
    if (text.startsWith("--from=hashicorp/terraform")) return this.copyTerraform();
    const [, ...sources] = text.split(" ").reverse();
    const ignored = dockerignore().add(
      readFileSync(path.join(projectRoot, "docker", "lab", "Dockerfile.dockerignore"), "utf8"),
    );
    for (const source of sources) {
      cpSync(path.join(projectRoot, source), this.inside(path.join(this.folder, source)), {
        recursive: true,
        filter: (file) => file === projectRoot || !ignored.ignores(path.relative(projectRoot, file)),
      });
    }
  }

  /** This machine's Terraform with its provider, in place of those from HashiCorp. */
  private copyTerraform(): void {
    const { stdout } = spawnSync("sh", ["-c", 'readlink -f "$(command -v terraform)"'], { encoding: "utf8" });
    cpSync(stdout.trim(), this.inside("/usr/local/bin/terraform"));
    const configuration = configurationForRun();
    const [, mirror] = /path\s*=\s*"([^"]+)"/.exec(configuration ?? "") ?? [];
    if (mirror === undefined) return;
    this.providers.push(mirror);
    writeFileSync(this.inside(path.join(homedir(), ".terraformrc")), configuration!);
  }
}
