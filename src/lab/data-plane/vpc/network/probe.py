"""Opens TCP connections from tasks' network namespaces, all at once, and reports which were answered.

    probe.py < {"milliseconds": 300, "attempts": [["task1", 33000, "10.0.1.11", 9000], …]}

An attempt is a namespace, a source port, an address and a port. Prints a JSON list with true for each attempt that was
answered: by a connection, or by a refusal, since a refusal shows that both packets passed.
"""

import ctypes
import errno
import json
import os
import resource
import select
import socket
import struct
import sys
import time

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
answers = (0, errno.ECONNREFUSED)


def enter(namespace):
    file = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if libc.setns(file, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(file)


def start(source_port, address, port):
    """A socket stays in the namespace that it was made in."""
    attempt = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    attempt.setblocking(False)
    # Several connections may come from one port, and none leaves it in TIME_WAIT.
    attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    attempt.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    attempt.bind(("", source_port))
    return attempt, attempt.connect_ex((address, port))


def open_files():
    """As many as this machine allows, less those of the process itself."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return min(most, 20_000) - 64


def answers_to(attempts, milliseconds):
    answered = [False] * len(attempts)
    by_namespace = {}
    for index, (namespace, *attempt) in enumerate(attempts):
        by_namespace.setdefault(namespace, []).append((index, attempt))
    waiting = {}
    poll = select.epoll()
    for namespace, here in by_namespace.items():
        enter(namespace)
        for index, attempt in here:
            opened, result = start(*attempt)
            answered[index] = result in answers
            if result == errno.EINPROGRESS:
                waiting[opened.fileno()] = (index, opened)
                poll.register(opened, select.EPOLLOUT)
    end = time.monotonic() + milliseconds / 1000
    while waiting and (left := end - time.monotonic()) > 0:
        for file, _ in poll.poll(left):
            index, opened = waiting.pop(file)
            answered[index] = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) in answers
            poll.unregister(file)
            opened.close()
    return answered


def main():
    order = json.load(sys.stdin)
    attempts = order["attempts"]
    size = open_files()
    slices = [attempts[first : first + size] for first in range(0, len(attempts), size)]
    print(json.dumps([each for part in slices for each in answers_to(part, order["milliseconds"])]))


main()
