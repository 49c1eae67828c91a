import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { advice } from "../../../advice";
import { findTool, toolPath } from "../vpc/machine";
import { slowness } from "../../waiting/machine";

/** How a sandbox can be made here: `unshare`'s first options. */
export type SandboxWay = readonly ["--user", "--map-root-user"] | readonly [];

/** Either the way to make a sandbox, or why there is none and what to do. */
export type SandboxSupport = { readonly way: SandboxWay } | { readonly missing: string };

/** Tools that the sandbox calls, with the Debian package that has each. */
const tools = {
  unshare: "util-linux",
  nsenter: "util-linux",
  mount: "util-linux",
  pivot_root: "util-linux",
  findmnt: "util-linux",
  hostname: "hostname",
  timeout: "coreutils",
  ip: "iproute2",
  nft: "nftables",
};

/** What a sandbox does first and what a kernel or a policy may forbid: namespaces, a mount, an overlay, a table of nftables. */
const trial = `
set -e
mount -t tmpfs tmpfs /run
mkdir /run/upper /run/work /run/root
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work /run/root 2>/dev/null ||
  mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work,userxattr /run/root
ip link add one type veth peer name other
nft 'add table ip trial; add chain ip trial forward { type filter hook forward priority 0; }'
nft add rule ip trial forward ct state established numgen random mod 100 '<' 5 accept
`;

export const sandboxNamespaces = ["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"] as const;

/** Why a sandbox can't be made that way; `undefined` when it can. */
function refusalOf(way: SandboxWay): string | undefined {
  const { error, status, stderr } = spawnSync(
    findTool("unshare") ?? "unshare",
    [...way, ...sandboxNamespaces, "sh", "-c", trial],
    { env: { ...process.env, PATH: toolPath }, encoding: "utf8", timeout: 10_000 * slowness() },
  );
  if (status === 0) return undefined;
  return error?.message ?? (stderr.trim() || `exit code ${status}`);
}

/** What is known to forbid user namespaces, with the command that allows them. */
function forbiddenBy(): string {
  const setting = (file: string) => {
    const name = `/proc/sys/${file}`;
    return existsSync(name) ? readFileSync(name, "utf8").trim() : undefined;
  };
  if (setting("kernel/unprivileged_userns_clone") === "0") {
    return `They are switched off. To allow them: ${advice.setKernel("kernel.unprivileged_userns_clone", 1)}`;
  }
  if (setting("user/max_user_namespaces") === "0") {
    return `They are switched off. To allow them: ${advice.setKernel("user.max_user_namespaces", 10_000)}`;
  }
  if (setting("kernel/apparmor_restrict_unprivileged_userns") === "1") {
    return `AppArmor restricts them. To allow them: ${advice.setKernel("kernel.apparmor_restrict_unprivileged_userns", 0)}`;
  }
  return "In a container, start it with --privileged, or run outside of containers.";
}

/** What the decision rests on: this machine's, or a test's. */
export interface Machine {
  readonly platform: string;
  readonly isRoot: boolean;
  hasTool(name: string): boolean;
  /** Why a sandbox can't be made that way; `undefined` when it can. */
  refusalOf(way: SandboxWay): string | undefined;
  /** What is known to forbid user namespaces, with the command that allows them. */
  forbiddenBy(): string;
}

/** Decides for a machine: rootless where that is possible, root where it is not and we are root. */
export function sandboxSupportOf(machine: Machine): SandboxSupport {
  if (machine.platform !== "linux") {
    const here = `this is ${machine.platform}`;
    return {
      missing: `The lab needs Linux (namespaces and nftables), and ${here}. With Docker: ${advice.demoInContainer()}`,
    };
  }
  const absent = Object.keys(tools).filter((name) => !machine.hasTool(name)) as (keyof typeof tools)[];
  if (absent.length > 0) {
    const install = advice.installDebianPackages([...new Set(absent.map((name) => tools[name]))]);
    return { missing: `The lab needs ${absent.join(", ")}. On Debian and Ubuntu: ${install}` };
  }
  const rootless = ["--user", "--map-root-user"] as const;
  const refusal = machine.refusalOf(rootless);
  if (refusal === undefined) return { way: rootless };
  if (!machine.isRoot) {
    return { missing: `The lab needs user namespaces, or root: ${refusal}. ${machine.forbiddenBy()}` };
  }
  const asRoot = machine.refusalOf([]);
  if (asRoot === undefined) return { way: [] };
  return { missing: `The lab can't make its namespaces, not even as root: ${asRoot}. ${machine.forbiddenBy()}` };
}

let detected: SandboxSupport | undefined;

/** Whether and how this machine can run the lab: tried once, in about 50 ms. */
export function sandboxSupport(): SandboxSupport {
  detected ??= sandboxSupportOf({
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hasTool: (name) => findTool(name) !== undefined,
    refusalOf,
    forbiddenBy,
  });
  return detected;
}
