"""Keeps the frames that come out of one interface for a while, then sends them on by another.

    delay.py FROM TO MILLISECONDS JITTER MARK

netem does this in the kernel; this is for kernels without it. Each frame waits so many milliseconds, more or less by up to
JITTER at random, but none overtakes another. What is sent carries MARK, by which the rule that leads
frames here knows that they have been here. Ends with its parent, whose pipe is its standard input.
"""

import array
import collections
import fcntl
import random
import select
import socket
import struct
import sys
import time

ETH_P_ALL = 0x0003
SIOCETHTOOL = 0x8946
# Checksums, segmentation: linux/ethtool.h
ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO = 0x17, 0x1F, 0x24
LONGEST_FRAME = 65536


def without_offloads(interface):
    """Frames have to be whole and as short as on a wire when they are read here."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for command in (ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO):
            value = array.array("B", struct.pack("II", command, 0))
            request = struct.pack("16sP16x", interface.encode(), value.buffer_info()[0])
            fcntl.ioctl(control, SIOCETHTOOL, request)


def packet_socket(interface, protocol):
    made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
    made.bind((interface, protocol))
    made.setblocking(False)
    return made


def main(source, target, milliseconds, jitter, mark):
    without_offloads(source + "-in")
    incoming = packet_socket(source, ETH_P_ALL)
    incoming.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    # Protocol 0: it sends alone.
    outgoing = packet_socket(target, 0)
    outgoing.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, mark)
    print("ready", flush=True)
    waiting = collections.deque()
    last = 0.0
    while True:
        timeout = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        readable, _, _ = select.select([incoming, sys.stdin], [], [], timeout)
        if sys.stdin in readable:
            return
        if readable:
            try:
                frame = incoming.recv(LONGEST_FRAME)
                kept = max(0.0, milliseconds + random.uniform(-jitter, jitter)) / 1000
                last = max(last, time.monotonic() + kept)
                waiting.append((last, frame))
            except BlockingIOError:
                pass
        while waiting and waiting[0][0] <= time.monotonic():
            frame = waiting.popleft()[1]
            try:
                outgoing.send(frame)
            except OSError:
                pass  # A link that goes away or is full loses frames, as any does.


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
