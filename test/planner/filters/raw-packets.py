"""Puts frames on interfaces of its network namespace and tells which come out elsewhere.

One JSON object a line on stdin: {"send": [[interface, hex frame], ...], "watch": [interface, ...], "quietMs": n};
one a line on stdout: {"seen": [[interface, hex of what follows the Ethernet header], ...]}.
"""
import json
import select
import socket
import sys

sockets = {}


def opened(name):
    if name not in sockets:
        raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0003))
        raw.bind((name, 0))
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        sockets[name] = raw
    return sockets[name]


for line in sys.stdin:
    request = json.loads(line)
    watched = {opened(name): name for name in request["watch"]}
    while select.select(list(watched), [], [], 0)[0]:
        for raw in select.select(list(watched), [], [], 0)[0]:
            raw.recv(65535)
    for name, frame in request["send"]:
        opened(name).send(bytes.fromhex(frame))
    seen = []
    while True:
        ready = select.select(list(watched), [], [], request["quietMs"] / 1000)[0]
        if not ready:
            break
        for raw in ready:
            data, address = raw.recvfrom(65535)
            if address[2] != socket.PACKET_OUTGOING:
                seen.append([watched[raw], data[14:].hex()])
    print(json.dumps({"seen": seen}), flush=True)
