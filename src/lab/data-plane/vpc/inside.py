"""Opens connections from inside a task's network namespace.

    inside.py SOCKET

Listens on the Unix socket SOCKET. The first line of a connection names a namespace, an address and a port; everything
after it goes to a TCP connection that is opened in that namespace. Node.js can't enter a namespace, and one process for
all tasks costs less than one each. Ends with its parent, whose pipe is its standard input.
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


def serve(outer):
    with outer:
        line = b""
        while not line.endswith(b"\n"):
            byte = outer.recv(1)
            if not byte:
                return
            line += byte
        namespace, address, port = line.decode().split()
        try:
            enter(namespace)
            inner = socket.create_connection((address, int(port)))
        except OSError:
            return
        with inner:
            back = threading.Thread(target=pump, args=(inner, outer), daemon=True)
            back.start()
            pump(outer, inner)
            back.join()


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
