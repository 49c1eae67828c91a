#!/bin/sh
# Runs a command that ends when this script's standard input ends. The process that started the command has the other end of
# that pipe. When it ends, even by SIGKILL, the kernel closes the pipe, and the watcher kills the whole process group,
# including children such as Terraform's providers. The command replaces this shell and keeps its pid.
#
# Start this as the first process of its own group. The command gets no standard input.
exec 3<&0 </dev/null
(
  exec >/dev/null 2>&1
  trap '' INT TERM HUP
  read -r _ <&3
  kill -s KILL -- "-$$"
) &
# dash and ash drop variables whose name isn't an identifier, such as TF_TOKEN_my-host: leash.ts passes each of them as
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
