# SPDX-License-Identifier: GPL-2.0-only
"""
hotplug.py SOCKET - give a guest memory and take it back, by QEMU's monitor protocol

in:  SOCKET is where QEMU, with a virtio-mem device `more`, will listen
out: how often it worked; fails if it did not work twice, or the guest kept memory
"""

import json
import os
import socket
import sys
import time

size = 1 << 29
path = sys.argv[1]
for _ in range(100):
    time.sleep(0.3)
    if os.path.exists(path):
        break
monitor = socket.socket(socket.AF_UNIX)
monitor.connect(path)
questions, answers = monitor.makefile("w"), monitor.makefile("r")


def ask(command, **arguments):
    """The answer to a command, whatever events come before it; None at the end."""
    try:
        print(json.dumps({"execute": command, "arguments": arguments}), file=questions, flush=True)
        for line in answers:
            answer = json.loads(line)
            if "return" in answer or "error" in answer:
                return answer.get("return")
    except OSError:
        pass
    sys.exit(0 if rounds >= 2 else "memory came and went %d times" % rounds)


def request(wanted):
    """Whether the guest has as much as it should within a minute."""
    ask("qom-set", path="/machine/peripheral/more", property="requested-size", value=wanted)
    for _ in range(600):
        if ask("qom-get", path="/machine/peripheral/more", property="size") == wanted:
            return
        time.sleep(0.1)
    sys.exit("the guest has not come to %d bytes" % wanted)


rounds = 0
ask("qmp_capabilities")
time.sleep(5)
while True:
    request(size)
    request(0)
    rounds += 1
    print("memory came and went %d times" % rounds, flush=True)
