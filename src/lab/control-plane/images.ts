import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

/** An image's stand-in on this machine. */
export interface LocalImage {
  /** Absolute path. */
  readonly folder: string;
  /** What runs where the task definition gives no command: `bin/server`, else the release's own start. */
  readonly command: readonly string[];
}

/**
 * Images mapped to release folders. A name given to `--image` stands for an image when it is the whole of it, or the whole
 * without tag and digest, or the last part of its repository: `myapp2` is `123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp2@sha256:…`.
 */
export class Images {
  readonly #folders = new Map<string, string>();

  /**
   * @param mappings `NAME=FOLDER` each
   * @param fallback folder for images that no mapping names; without one they are an error
   * @throws Error when a mapping has another form, names an image twice, or its folder does not exist.
   */
  constructor(
    mappings: readonly string[],
    private readonly fallback?: string,
  ) {
    for (const mapping of mappings) {
      const [, name, folder] = /^([^=]+)=(.+)$/.exec(mapping) ?? [];
      if (!name || !folder) {
        throw new Error(`--image ${mapping}: it has to be NAME=FOLDER, such as myapp=_build/prod/rel/myapp.`);
      }
      if (this.#folders.has(name))
        throw new Error(`--image ${mapping}: ${name} has a folder already, ${this.#folders.get(name)}.`);
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
        throw new Error(`--image ${mapping}: there is no folder ${path.resolve(folder)}.`);
      }
      this.#folders.set(name, path.resolve(folder));
    }
  }

  /** Whether a mapping names the image; the fallback is none. */
  isMapped(image: string): boolean {
    return namesOf(image).some((name) => this.#folders.has(name));
  }

  /**
   * @param user who asks, for the message: `service "myapp", container "app"`
   * @throws Error that says how to map the image, when it has no folder.
   */
  find(image: string, user: string): LocalImage {
    const folder = namesOf(image).flatMap((name) => this.#folders.get(name) ?? [])[0] ?? this.fallback;
    if (!folder) {
      const mapped = [...this.#folders.keys()].join(", ") || "none";
      throw new Error(
        `Image ${image} (${user}) has no folder on this machine. Map it to an unpacked release with ` +
          `--image ${namesOf(image).at(-1)}=FOLDER. Mapped are: ${mapped}.`,
      );
    }
    return { folder: path.resolve(folder), command: defaultCommand(path.resolve(folder)) };
  }
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
