import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import dockerignore from "@balena/dockerignore";
import { execa } from "execa";
import { configurationForRun } from "../../src/lab/local-aws/terraform/terraform-configuration";
import { projectRoot } from "../../src/project-root";
import { type instructions, textsOf } from "./lab-image";

/** The mirror that this machine's apt uses. */
function debianMirror(): string {
  const files = ["/etc/apt/sources.list", ...filesIn("/etc/apt/sources.list.d")];
  const text = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
  const [, mirror] = /^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(\S+\/debian)\/?\s*/m.exec(text.join("\n")) ?? [];
  if (mirror === undefined) throw new Error("apt has no mirror of Debian here");
  return mirror;
}

/** What a container gets from its engine, and where this machine finds packages. */
const fromMachine = [
  ...[
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pip.conf",
    path.join(homedir(), ".npmrc"),
    path.join(homedir(), ".config", "pip"),
  ],
  // Other settings of apt call programs of this machine.
  ...filesIn("/etc/apt/apt.conf.d").filter((file) => readFileSync(file, "utf8").includes("Acquire")),
  ...(process.env.PIP_FIND_LINKS ?? "").split(" ").filter(Boolean),
];

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((file) => path.join(folder, file)) : [];
}

/** Variables that name certificates, proxies and places of packages. */
const ofMachine = /_proxy$|^npm_config_|^PIP_|^SSL_|^NODE_EXTRA_CA_CERTS$|^REQUESTS_CA_BUNDLE$/i;

/** A Debian in a folder, in which the Dockerfile's steps run. */
export class Container {
  private readonly environment: Record<string, string> = {};
  private folder = "/";

  constructor(private readonly root: string) {}

  async start(): Promise<void> {
    const [, suite] = /^debian:(\w+)-/.exec(textsOf("FROM")[0]!)!;
    await execa("debootstrap", ["--variant=minbase", suite!, this.root, debianMirror()]);
  }

  /** Runs a command in namespaces of its own, as `docker run --privileged` does. @returns its output */
  async run(command: string): Promise<string> {
    // Again before each step: packages write their own.
    for (const file of fromMachine) {
      if (!existsSync(file)) continue;
      rmSync(path.join(this.root, file), { recursive: true, force: true });
      cpSync(file, path.join(this.root, file), { recursive: true, dereference: true });
    }
    const mounts = ["proc", "sys", "dev"].map((each) => `mount --rbind /${each} ${this.root}/${each}`).join(" && ");
    const inside = `cd ${this.folder} && ${command}`;
    const { stdout } = await execa(
      "unshare",
      ["--mount", "--fork", "sh", "-c", `${mounts} && exec chroot "$0" /bin/sh -c "$1"`, this.root, inside],
      {
        extendEnv: false,
        env: {
          ...Object.fromEntries(Object.entries(process.env).filter(([name]) => ofMachine.test(name))),
          PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          HOME: homedir(),
          ...this.environment,
        },
        stdin: "ignore",
      },
    );
    return stdout;
  }

  async carryOut({ keyword, text }: (typeof instructions)[number]): Promise<void> {
    if (keyword === "RUN") await this.run(text);
    if (keyword === "ENV") this.environment[text.split("=")[0]!] = text.split("=")[1]!;
    if (keyword === "WORKDIR") {
      this.folder = text;
      mkdirSync(path.join(this.root, text), { recursive: true });
    }
    if (keyword === "COPY") this.copy(text);
  }

  private copy(text: string): void {
    if (text.startsWith("--from=hashicorp/terraform")) return this.copyTerraform();
    const [, ...sources] = text.split(" ").reverse();
    const ignored = dockerignore().add(
      readFileSync(path.join(projectRoot, "docker", "lab", "Dockerfile.dockerignore"), "utf8"),
    );
    for (const source of sources) {
      const from = path.join(projectRoot, source);
      cpSync(from, path.join(this.root, this.folder, source), {
        recursive: true,
        filter: (file) => file === projectRoot || !ignored.ignores(path.relative(projectRoot, file)),
      });
    }
  }

  /** This machine's Terraform with its provider, in place of those from HashiCorp. */
  private copyTerraform(): void {
    const { stdout } = spawnSync("sh", ["-c", 'readlink -f "$(command -v terraform)"'], { encoding: "utf8" });
    cpSync(stdout.trim(), path.join(this.root, "usr", "local", "bin", "terraform"));
    const configuration = configurationForRun();
    const [, mirror] = /path\s*=\s*"([^"]+)"/.exec(configuration ?? "") ?? [];
    if (mirror === undefined) return;
    cpSync(mirror, path.join(this.root, mirror), { recursive: true });
    writeFileSync(path.join(this.root, "root", ".terraformrc"), configuration!);
  }
}
