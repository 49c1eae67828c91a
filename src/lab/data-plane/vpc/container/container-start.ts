/**
 * What turns new namespaces into a container and becomes its command; for `sh -c`. Standard output and error are the
 * container's from the start; descriptor 3 says `ready` when only the command is left to start.
 *
 * Arguments: path for the tools, the container's root, its table of mounts, host name, the mounts
 * that become read-only (one a line), the command.
 */
const containerStart = `
set -e
container_path=$PATH PATH=$1 root=$2 table=$3 name=$4 readonly=$5
shift 5
hostname "$name"
mount --all --fstab "$table"
cd "$root"
IFS='
'
for folder in $readonly; do
  mount -o remount,bind,ro "$folder"
done
unset IFS
pivot_root . .
umount -l .
cd /app
unset OLDPWD
PATH=$container_path
command -v -- "$1" >/dev/null || { echo "exec: \\"$1\\": no such file or directory" >&2; exit 127; }
echo ready >&3
exec 3>&-
exec "$@"
`;

/**
 * Runs the script above as the first process of a new pid namespace and ends as it ends. Not `unshare --fork`, which gives 1
 * for a child that SIGKILL ended (util-linux 2.38). What the shell says of that stays out of the container's output.
 */
const containerParent = `
exec 4>&2 2>/dev/null
"$0" -c "$@" 2>&4 4>&-
exit $?
`;

/** Arguments of a shell that is in the container's new namespaces already. */
export function containerArguments(shell: string, args: readonly string[]): string[] {
  return ["-c", containerParent, shell, containerStart, "container", ...args];
}
