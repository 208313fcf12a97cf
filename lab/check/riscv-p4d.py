# SPDX-License-Identifier: GPL-2.0-only
"""
riscv-p4d.py BUILD QEMU... - is 512 GiB of the linear map one P4D leaf, and what then?

in:  BUILD is where a riscv kernel was built, QEMU... runs a machine with Sv57
out: the entries, before and after set_memory_ro(), and as the last line `right`,
     or `wrong` and why

It takes 512 GiB that are aligned, in physical as in virtual memory. The linear map
begins where memory does, and that is at 2 GiB on QEMU's virt. So as the kernel is
entered, the memory node is made to say that there is memory from 0 on. What is
below 2 GiB gets mapped, but is not touched: memblock takes from the end. And as
soon as the kernel is done with paging_init() it is stopped, when there is no struct
page yet: of 1100 GiB, QEMU then needs only what was touched.

set_memory_ro() is called there, on the first GiB of the 512, so that nothing has to
be split. It must change a PUD, and not the memory. The first word of that is made
one that can be taken for a PUD.
"""

import atexit
import struct
import subprocess
import sys

build, command = sys.argv[1], sys.argv[2:]
with open(build + "/System.map") as f:
    symbol = {name: int(address, 16) for address, _, name in map(str.split, f)}
gib = 1 << 30
block = 512 * gib
ra, a0, a1, pc = 1, 10, 11, 32
stub = subprocess.Popen(command + [
    "-smp", "1", "-m", "1100G", "-machine", "memory-backend=ram", "-object",
    "memory-backend-ram,id=ram,size=1100G,reserve=off", "-nographic", "-nodefaults",
    "-gdb", "stdio", "-S", "-kernel", build + "/arch/riscv/boot/Image",
    "-append", "nokaslr"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
atexit.register(stub.kill)


def ask(packet):
    """Send a packet of gdb's remote protocol, and return the answer."""
    stub.stdin.write(b"+$%s#%02x" % (packet.encode(), sum(packet.encode()) % 256))
    stub.stdin.flush()
    answer = b""
    while answer[-3:-2] != b"#":
        byte = stub.stdout.read(1) or sys.exit("no outcome: QEMU has stopped")
        answer = answer + byte if answer or byte == b"$" else b""
    return answer[1:-3].decode()


def run_to(address):
    ask("Z0,%x,4" % address)
    ask("c")
    ask("z0,%x,4" % address)
    at = int.from_bytes(bytes.fromhex(ask("p%x" % pc)), "little")
    at == address or sys.exit("no outcome: stopped at %x" % at)


def word(packet):
    return int.from_bytes(bytes.fromhex(ask(packet)), "little")


def entry(level, table, index):
    """The entry of the table that another entry points to, and what it is."""
    value = word("m%x,8" % ((table >> 10 << 12) + index * 8))
    kind = "leaf" if value & 0xe else "table" if value & 1 else "none"
    print("  %s %016x, a %s" % (level, value, kind))
    return value, kind


def look(when):
    """Whether a P4D maps the block, and the entry that does."""
    print(when)
    satp = (symbol["swapper_pg_dir"] - symbol["_start"] + 0x80200000) >> 12 << 10
    pgd, _ = entry("PGD", satp, 0xff60000000000000 >> 48 & 511)
    value, kind = entry("P4D", pgd, 1)
    return (True, value) if kind == "leaf" else (False, entry("PUD", value, 0)[0])


run_to(0x80200000)
ask("Qqemu.PhyMemMode:1")
dtb = word("p%x" % a1)
memory = struct.pack(">QQ", 2 * gib, 1100 * gib)
while bytes.fromhex(ask("m%x,10" % dtb)) != memory:
    dtb += 4
ask("M%x,10:%s" % (dtb, struct.pack(">QQ", 0, 2 * block + gib).hex()))

here = symbol["misc_mem_init"]
run_to(here)
_, before = look("before")
before >> 10 << 12 == block or sys.exit("no outcome: this is no linear map of Sv57 from 0 on")
ask("M%x,8:%s" % (block, "ff" * 8))
for register, value in ((a0, 0xff60000000000000 + block), (a1, gib >> 12),
                        (ra, here), (pc, symbol["set_memory_ro"])):
    ask("P%x=%s" % (register, struct.pack("<Q", value).hex()))
run_to(here)
leaf, after = look("after set_memory_ro() = %d" % word("p%x" % a0))
content = word("m%x,8" % block)
print("  memory %016x" % content)
if leaf:
    print("wrong: P4D leaf %x%s" % (after, ", memory written" * (content != (1 << 64) - 1)))
elif before & 0xf == 7 and after & 0xf == 3 and content == (1 << 64) - 1:
    print("right")
