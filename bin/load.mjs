// Runs a bundle, and keeps what V8 compiled of it: the next start takes that and compiles nothing.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";

/**
 * Runs a bundle as `require` would, in this process.
 *
 * @param file a CommonJS bundle without import(), in a folder of its own for all versions of it.
 */
export function load(file) {
  const code = new CodeCache(file);
  const script = new vm.Script(Module.wrap(readFileSync(file, "utf8")), {
    filename: file,
    cachedData: code.read(),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, path.dirname(file));
  if (!code.exists) code.write(script);
}

/** What V8 compiled of one version of a bundle. V8 itself compares nothing but its own version and the source's length. */
class CodeCache {
  /** Whether there is one; V8 may still not take it, and then compiles as usual. */
  exists = false;

  constructor(bundle) {
    const { mtimeMs, size } = statSync(bundle);
    this.prefix = `${path.basename(bundle)}.`;
    this.folder = path.join(path.dirname(bundle), "compiled");
    this.file = path.join(this.folder, `${this.prefix}${process.version}.${mtimeMs}.${size}`);
  }

  read() {
    try {
      const data = readFileSync(this.file);
      this.exists = true;
      return data;
    } catch {
      return undefined;
    }
  }

  /** After the first run, so that it holds the functions that a run calls. */
  write(script) {
    try {
      mkdirSync(this.folder, { recursive: true });
      for (const old of readdirSync(this.folder)) {
        if (old.startsWith(this.prefix)) rmSync(path.join(this.folder, old), { force: true });
      }
      // Moved into place: two runs at once never see half a file.
      const draft = `${this.file}.${process.pid}`;
      writeFileSync(draft, script.createCachedData());
      renameSync(draft, this.file);
    } catch {
      // A folder that can't be written costs time only.
    }
  }
}
