/** What an error code of the operating system means for a file. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the disk quota is used up",
  ENOENT: "it doesn't exist, or its folder doesn't",
  EEXIST: "a file with this name exists",
  ENOTDIR: "a part of this path is a file, not a folder",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "its name is too long",
  EMFILE: "too many files are open",
  ENXIO: "it isn't a regular file",
  ERR_INVALID_ARG_VALUE: "its name contains a NUL character",
};

const actions: Readonly<Record<string, string>> = {
  mkdir: "created",
  write: "written",
  rename: "replaced",
  unlink: "removed",
  rmdir: "removed",
  rm: "removed",
  read: "read",
  scandir: "read",
};

/** Why the operating system refused something, in words or as Node states it. */
export const systemReason = (error: Error): string =>
  reasons[(error as NodeJS.ErrnoException).code ?? ""] ?? error.message;

/** An error of the operating system about a file as a sentence that names the file; `undefined` for any other error. */
export function systemErrorText(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const reason = reasons[code ?? ""];
  if (path === undefined || reason === undefined) return undefined;
  return `${path} can't be ${actions[syscall ?? ""] ?? "opened"}: ${reason}.`;
}
