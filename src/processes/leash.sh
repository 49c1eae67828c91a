#!/bin/sh
# Runs a command that ends when this script's standard input does. The other end of that pipe is held by the process that
# started the command: when it ends, even by SIGKILL, the kernel closes the pipe, and the watcher kills the whole process
# group, so that children such as Terraform's providers go too. The command itself takes this shell's place and pid.
#
# Must be started as the first process of a group of its own; it gets no standard input.
exec 3<&0 </dev/null
(
  exec >/dev/null 2>&1
  trap '' INT TERM HUP
  read -r _ <&3
  kill -s KILL -- "-$$"
) &
# dash and ash hand on no variable whose name isn't an identifier, such as TF_TOKEN_my-host: leash.ts gives each of them as
# NAME=VALUE in LEASHED_<number>.
count=${LEASHED:-0}
[ "$count" -eq 0 ] || set -- /usr/bin/env "$@"
while [ "$count" -gt 0 ]; do
  shift
  eval "set -- /usr/bin/env \"\$LEASHED_$count\" \"\$@\""
  unset "LEASHED_$count"
  count=$((count - 1))
done
unset LEASHED
exec "$@" 3<&-
