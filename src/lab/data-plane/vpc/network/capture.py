"""Reads what tasks send to each other by TCP, as somebody on the wire would, and then says what it contains.

    capture.py

Run in the router's namespace. Prints "ready". A line of JSON on standard input ends the capture:
{"texts": ["..."], "cookie": "..."}. The answer is a line of JSON: segments and bytes, how often each text occurs, and in how
many handshakes of Erlang's distribution the answer to the challenge can be checked against the cookie.
"""

import hashlib
import json
import select
import socket
import struct
import sys

ETH_P_IP = 0x0800
PACKET_OUTGOING = 4
LONGEST_FRAME = 1 << 17


def segment_of(frame):
    """Sender, receiver and payload; None unless it is TCP with a payload."""
    header = (frame[14] & 0x0F) * 4
    if frame[14] >> 4 != 4 or frame[23] != socket.IPPROTO_TCP:
        return None
    tcp = 14 + header
    end = 14 + struct.unpack_from("!H", frame, 16)[0]
    payload = frame[tcp + (frame[tcp + 12] >> 4) * 4 : end]
    if not payload:
        return None
    source, target = struct.unpack_from("!HH", frame, tcp)
    return (frame[26:30], source, frame[30:34], target), payload


def answered_challenges(flows, cookie):
    """Handshakes whose challenge was answered with this cookie: anyone who reads one can try cookies without asking a node.

    The accepting node sends its challenge in a message "N" with 8 bytes of flags before it; the answer is MD5 of the
    cookie and the challenge. Source: https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#distribution-handshake
    """
    found = 0
    for (source, source_port, target, target_port), sent in flows.items():
        replies = flows.get((target, target_port, source, source_port), b"")
        at = sent.find(b"N", 2, 64)
        if at < 0 or len(sent) < at + 13:
            continue
        challenge = struct.unpack_from("!I", sent, at + 9)[0]
        found += hashlib.md5(cookie + str(challenge).encode()).digest() in replies
    return found


def main():
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_IP))
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 20)
    print("ready", flush=True)
    flows = {}
    segments = 0
    while True:
        readable, _, _ = select.select([wire, sys.stdin], [], [])
        if wire in readable:
            frame, address = wire.recvfrom(LONGEST_FRAME)
            # What is forwarded comes in and goes out.
            if address[2] != PACKET_OUTGOING and len(frame) >= 54:
                segment = segment_of(frame)
                if segment:
                    segments += 1
                    flows.setdefault(segment[0], bytearray()).extend(segment[1])
        elif sys.stdin in readable:
            line = sys.stdin.readline()
            if not line:
                return
            asked = json.loads(line)
            texts = {text: sum(flow.count(text.encode()) for flow in flows.values()) for text in asked["texts"]}
            sizes = sum(len(flow) for flow in flows.values())
            challenges = answered_challenges(flows, asked["cookie"].encode())
            print(json.dumps({"segments": segments, "bytes": sizes, "texts": texts, "challenges": challenges}), flush=True)
            return


main()
