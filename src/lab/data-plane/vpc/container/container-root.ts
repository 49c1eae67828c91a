import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { command } from "../command";

/** How a folder of this machine's root appears in a container. */
type MachineFolder = { readonly name: string } & (
  | { readonly link: string }
  /** Under a layer in memory that takes what the container writes; with the overlay's further options. */
  | { readonly overlay: string }
  /** Read-only: other file systems are mounted below it, which an overlay in a user namespace may not have. */
  | { readonly bind: string }
  | { readonly empty: true }
);

/** What a container has of its own, and what no program needs. */
const own = new Set(["app", "dev", "proc", "run", "sys", "tmp", "boot", "efi", "lost+found", "media"]);

const workplace = "/run/containers";

function isReadable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const succeeds = (args: readonly string[]) =>
  command("mount", args).then(
    () => true,
    () => false,
  );

/** Further options of an overlay on `folder`; `undefined` where there can be none. */
async function overlayOptions(folder: string): Promise<string | undefined> {
  const [upper, work, target] = ["upper", "work", "target"].map((name) => path.join(workplace, "trial", name));
  // Some kernels and file systems want an overlay's own attributes under user.*, some can't have them.
  for (const options of ["", ",userxattr"]) {
    const layers = `lowerdir=${folder},upperdir=${upper},workdir=${work}${options}`;
    if (!(await succeeds(["-t", "overlay", "-o", layers, "overlay", target ?? ""]))) continue;
    await command("umount", [target ?? ""]);
    return options;
  }
  return undefined;
}

/** Binds a folder with all below it, read-only, as far as the kernel allows; what stays writable is taken out. */
async function bindReadOnly(folder: string): Promise<string | undefined> {
  const target = path.join(workplace, "machine", path.basename(folder));
  mkdirSync(target, { recursive: true });
  if (!(await succeeds(["--rbind", folder, target]))) return undefined;
  const mounted = await command("findmnt", ["-Rrno", "TARGET", target]);
  for (const each of mounted.split("\n").filter(Boolean)) {
    if (!(await succeeds(["-o", "remount,bind,ro", each])))
      await command("umount", ["-l", each]).catch(() => undefined);
  }
  return target;
}

async function machineFolder(name: string): Promise<MachineFolder | undefined> {
  const folder = `/${name}`;
  const status = lstatSync(folder);
  if (status.isSymbolicLink()) return { name, link: readlinkSync(folder) };
  if (!status.isDirectory()) return undefined;
  if (!isReadable(folder)) return { name, empty: true };
  const overlay = await overlayOptions(folder);
  if (overlay !== undefined) return { name, overlay };
  const bind = await bindReadOnly(folder);
  return bind === undefined ? { name, empty: true } : { name, bind };
}

/** A place in `/etc/fstab`'s language: blanks and backslashes are written in octal. Source: fstab(5) */
const field = (text: string) =>
  text.replace(/[\s\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`);

const line = (source: string, target: string, type: string, options: string) =>
  [source, target, type, options].map(field).join(" ");

/** What one container's root is made of. */
export interface RootSpec {
  /** The image: it appears at `/app`. */
  readonly folder: string;
  readonly volumes: readonly string[];
  readonly readonlyRootFilesystem: boolean;
  /** Files in `/etc` that are the container's own. */
  readonly etc: Readonly<Record<string, string>>;
}

/** A root that is laid out, but not mounted yet. */
export interface ContainerRoot {
  /** Folder that is removed with the container. */
  readonly home: string;
  readonly root: string;
  /** A file in the form of `/etc/fstab`. */
  readonly table: string;
  /** Mounts in `root` that become read-only after all are made. */
  readonly readonly: readonly string[];
}

/**
 * Roots of containers, put together from this machine's folders: a container sees the machine's programs and libraries and
 * changes nothing of it. One overlay on `/` as a whole would be simpler, but user namespaces may not have it.
 */
export class ContainerRoots {
  private made = 0;

  private constructor(
    private readonly folders: readonly MachineFolder[],
    private readonly imageOptions: string,
  ) {}

  static async open(): Promise<ContainerRoots> {
    for (const name of ["upper", "work", "target"]) {
      mkdirSync(path.join(workplace, "trial", name), { recursive: true });
    }
    const folders: MachineFolder[] = [];
    for (const name of readdirSync("/")) {
      const folder = own.has(name) || name.startsWith(".") ? undefined : await machineFolder(name);
      if (folder) folders.push(folder);
    }
    const etc = folders.find(({ name }) => name === "etc");
    return new ContainerRoots(folders, etc && "overlay" in etc ? etc.overlay : "");
  }

  /** Lays the folders out and writes the table of mounts; the mounts themselves are made in the container's namespace. */
  prepare({ folder, volumes, readonlyRootFilesystem, etc }: RootSpec): ContainerRoot {
    const home = path.join(workplace, String(++this.made));
    const root = path.join(home, "root");
    const image = path.join(home, "image");
    for (const name of ["dev", "proc", "sys", "run", "tmp"]) mkdirSync(path.join(root, name), { recursive: true });
    mkdirSync(image);
    const lines = [
      line(root, root, "none", "bind"),
      ...this.folders.flatMap((each) => lay(each, home)),
      line(folder, image, "none", "bind"),
      overlay(image, home, "app", this.imageOptions),
      line("proc", path.join(root, "proc"), "proc", "defaults"),
      line("/sys", path.join(root, "sys"), "none", "rbind"),
      line("/dev", path.join(root, "dev"), "none", "rbind"),
      // Names of their own: mount(8) leaves out what it takes for mounted already.
      line("container-shm", path.join(root, "dev/shm"), "tmpfs", "mode=1777"),
      line("container-tmp", path.join(root, "tmp"), "tmpfs", "mode=1777"),
      line("container-run", path.join(root, "run"), "tmpfs", "mode=755"),
      ...volumes.map((volume) => line("container-volume", root + volume, "tmpfs", "mode=1777,X-mount.mkdir")),
    ];
    for (const [name, text] of Object.entries(etc)) writeFileSync(path.join(home, "upper", "etc", name), text);
    const table = path.join(home, "fstab");
    writeFileSync(table, `${lines.join("\n")}\n`);
    const mounted = [...this.folders.flatMap((each) => ("overlay" in each ? each.name : [])), "app", "run", "tmp"];
    const readonly = [...mounted.filter((name) => !volumes.includes(`/${name}`)), "."];
    return { home, root, table, readonly: readonlyRootFilesystem ? readonly : [] };
  }
}

/** Makes the layers of an overlay and gives its line in the table of mounts. */
function overlay(lower: string, home: string, name: string, options: string): string {
  const [upper = "", work = "", target = ""] = ["upper", "work", "root"].map((layer) => path.join(home, layer, name));
  for (const folder of [upper, work, target]) mkdirSync(folder, { recursive: true });
  return line("overlay", target, "overlay", `lowerdir=${lower},upperdir=${upper},workdir=${work}${options}`);
}

/** Makes a folder of the machine's root in a container's and gives the lines in its table of mounts. */
function lay(folder: MachineFolder, home: string): string[] {
  const target = path.join(home, "root", folder.name);
  if ("link" in folder) {
    symlinkSync(folder.link, target);
    return [];
  }
  if ("overlay" in folder) return [overlay(`/${folder.name}`, home, folder.name, folder.overlay)];
  mkdirSync(target);
  return "bind" in folder ? [line(folder.bind, target, "none", "rbind")] : [];
}
