"""Opens connections from inside a network namespace, and accepts them there.

    inside.py SOCKET

Listens on the Unix socket SOCKET. The first line of a connection is one of:

    connect NAMESPACE ADDRESS PORT          everything after it goes to a TCP connection that is opened in that namespace
    listen NAMESPACE ADDRESS PORT TARGET    answers "listening"; each TCP connection to it goes to the Unix socket TARGET

Node.js can't enter a namespace, and one process for all tasks costs less than one each. Ends with its parent, whose pipe is
its standard input.
"""

import ctypes
import os
import socket
import sys
import threading

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def enter(namespace):
    """For this thread alone: a thread has a network namespace of its own."""
    file = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if libc.setns(file, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(file)


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # Either end is gone: so is the other.
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def join(outer, inner):
    with outer, inner:
        back = threading.Thread(target=pump, args=(inner, outer), daemon=True)
        back.start()
        pump(outer, inner)
        back.join()


def first_line(outer):
    line = b""
    while not line.endswith(b"\n"):
        byte = outer.recv(1)
        if not byte:
            return None
        line += byte
    return line.decode().split()


def serve(outer):
    with outer:
        words = first_line(outer)
        if words is None:
            return
        command, namespace, address, port, *target = words
        if command == "listen":
            listen(outer, namespace, (address, int(port)), *target)
            return
        try:
            enter(namespace)
            inner = socket.create_connection((address, int(port)))
        except OSError:
            return
        join(outer, inner)


def listen(outer, namespace, address, target):
    try:
        enter(namespace)
        listener = socket.create_server(address)
    except OSError as error:
        outer.sendall(f"{error}\n".encode())
        return
    outer.sendall(b"listening\n")
    while True:
        accepted, _ = listener.accept()
        threading.Thread(target=hand_on, args=(accepted, target), daemon=True).start()


def hand_on(accepted, target):
    inner = socket.socket(socket.AF_UNIX)
    try:
        inner.connect(target)
    except OSError:
        # The destination has gone meanwhile.
        accepted.close()
        return
    join(accepted, inner)


def main():
    path = sys.argv[1]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    print("ready", flush=True)
    while True:
        outer, _ = listener.accept()
        threading.Thread(target=serve, args=(outer,), daemon=True).start()


main()
