import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { AppliedLoadBalancing } from "./applied/load-balancers";
import type { AppliedContainer } from "./applied/task-definitions";
import { checkingStandIns, standIn, type StandInService } from "./task/stand-in";

/** What runs in place of an image. */
export interface LocalImage {
  /** Absolute path; a container has it as `/app`. */
  readonly folder: string;
  /** The command of a container whose entry point and command are `given`; empty where both are the image's own. */
  readonly command: (given: readonly string[]) => readonly string[];
}

/**
 * Images mapped to releases and programs of this machine. A name given to `--image` stands for an image when it is the whole of it, or
 * the whole without tag and digest, or the last part of its repository: `myapp2` is
 * `123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp2@sha256:…`.
 */
export class Images {
  readonly #releases = new Map<string, string>();
  readonly #programs = new Map<string, string>();

  /**
   * @param mappings `NAME=FOLDER` or `NAME=PROGRAM` each
   * @param fallback folder for images that no mapping names; without one they are an error
   * @param substitutes whether the fallback is the sample release in place of other applications: {@link standIn}
   * @throws Error when a mapping has another form, names an image twice, or what it names is neither a folder nor a program.
   */
  constructor(
    mappings: readonly string[],
    private readonly fallback?: string,
    private readonly substitutes = false,
  ) {
    for (const mapping of mappings) {
      const [, name, place] = /^([^=]+)=(.+)$/.exec(mapping) ?? [];
      if (!name || !place) {
        throw new Error(
          `--image ${mapping}: it has to be NAME=FOLDER, such as myapp=_build/prod/rel/myapp, or NAME=PROGRAM, such as proxy=/usr/sbin/haproxy.`,
        );
      }
      const known = this.#releases.get(name) ?? this.#programs.get(name);
      if (known) throw new Error(`--image ${mapping}: ${name} is mapped already, to ${known}.`);
      const absolute = path.resolve(place);
      if (isFolder(absolute)) this.#releases.set(name, absolute);
      else if (isProgram(absolute)) this.#programs.set(name, absolute);
      else throw new Error(`--image ${mapping}: there is no folder and no executable file ${absolute}.`);
    }
  }

  /** Whether a mapping names a release for any image. */
  get hasReleases(): boolean {
    return this.#releases.size > 0;
  }

  /** What a mapping names for the image; the fallback is none. */
  mapped(image: string): "release" | "program" | undefined {
    if (found(this.#releases, image)) return "release";
    return found(this.#programs, image) ? "program" : undefined;
  }

  /** Containers of a service as they run here. */
  running(containers: readonly AppliedContainer[], service: StandInService): readonly AppliedContainer[] {
    if (!this.substitutes) return containers;
    return containers.map((each) => (this.mapped(each.image) ? each : standIn(each, service)));
  }

  /** Target groups as they check what runs here: as the layout says where a program may be what they check. */
  checked(applied: AppliedLoadBalancing): AppliedLoadBalancing {
    return this.substitutes && this.#programs.size === 0 ? checkingStandIns(applied) : applied;
  }

  /**
   * @param user who asks, for the message: `service "myapp", container "app"`
   * @throws Error that says how to map the image, when nothing stands for it.
   */
  find(image: string, user: string): LocalImage {
    const program = found(this.#programs, image);
    if (program) return programImage(program);
    const folder = found(this.#releases, image) ?? this.fallback;
    if (!folder) {
      const mapped = [...this.#releases.keys(), ...this.#programs.keys()].join(", ") || "none";
      throw new Error(
        `Image ${image} (${user}) has no folder on this machine. Map it to an unpacked release with ` +
          `--image ${namesOf(image).at(-1)}=FOLDER. Mapped are: ${mapped}.`,
      );
    }
    return releaseImage(path.resolve(folder));
  }
}

const isFolder = (place: string) => statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;

function isProgram(place: string): boolean {
  if (!statSync(place, { throwIfNoEntry: false })?.isFile()) return false;
  try {
    accessSync(place, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a mapping says of an image, by the most exact of its names. */
const found = (mappings: ReadonlyMap<string, string>, image: string) =>
  namesOf(image).flatMap((name) => mappings.get(name) ?? [])[0];

/** A release runs the given command, else `bin/server`, else its own start. */
const releaseImage = (folder: string): LocalImage => ({
  folder,
  command: (given) => (given.length > 0 ? given : defaultCommand(folder)),
});

const shells = new Set(["sh", "bash", "dash"]);

/**
 * A program of this machine runs with the words after its name in the given command, or else with all of them: an entry point of the
 * image, such as `/docker-entrypoint.sh`, isn't here. What a shell runs, it runs here too.
 */
function programImage(program: string): LocalImage {
  const name = path.basename(program);
  const command = (given: readonly string[]) => {
    if (shells.has(path.basename(given[0] ?? ""))) return given;
    const at = given.findIndex((word) => path.basename(word) === name);
    return [`/app/${name}`, ...given.slice(at + 1)];
  };
  return { folder: path.dirname(program), command };
}

/** An image's names, the most exact one first. */
function namesOf(image: string): string[] {
  const withoutDigest = image.replace(/@.*$/, "");
  const repository = withoutDigest.replace(/:[^:/]*$/, "");
  return [...new Set([image, withoutDigest, repository, repository.split("/").at(-1)!])];
}

/** Empty where nothing tells. */
function defaultCommand(folder: string): readonly string[] {
  if (existsSync(path.join(folder, "bin", "server"))) return ["bin/server"];
  const name = releaseName(folder);
  return name ? [`bin/${name}`, "start"] : [];
}

/**
 * Name of the Mix release in a folder: that of `releases/<version>/<name>.rel` which has a script in `bin`.
 * Source: https://hexdocs.pm/mix/Mix.Tasks.Release.html
 */
export function releaseName(folder: string): string | undefined {
  const releases = path.join(folder, "releases");
  if (!existsSync(releases)) return undefined;
  return readdirSync(releases, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => readdirSync(path.join(releases, entry.name)))
    .filter((file) => file.endsWith(".rel"))
    .map((file) => file.slice(0, -".rel".length))
    .find((name) => existsSync(path.join(folder, "bin", name)));
}
