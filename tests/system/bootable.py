"""A disk that boots and prints a text, for a start in QEMU within a second."""

import struct
import subprocess

from deadline import DEADLINE

SECTOR = 512
ENDED = 99  # QEMU's exit status for the value that the disk writes: 2 * 0x31 + 1


def bootable_disk(size, words, at):
    """Returns a disk of `size` bytes. It boots, reads the sector at the offset `at`, prints `words` from there, and
    ends QEMU."""
    code = bytes.fromhex(
        "31c0 8ed8"       # xor ax, ax; mov ds, ax
        "be 407c b442"    # mov si, 0x7c40 (the address of the packet); mov ah, 0x42: extended read
        "cd13"            # int 0x13, from the disk in dl: the BIOS sets it to the boot disk
        "be 007e"         # mov si, 0x7e00 (the address of the sector)
        "ac 84c0 7404"    # next: lodsb; test al, al; jz end
        "e6e9 ebf7"       # out 0xe9, al: QEMU's debug console; jmp next
        "ba 0105 b031 ee" # end: mov dx, 0x501; mov al, 0x31; out dx, al: isa-debug-exit
        "f4 ebfd")        # hlt; jmp back to it
    packet = struct.pack("<BBHHHQ", 16, 0, 1, 0x7e00, 0, at // SECTOR)
    disk = bytearray(size)
    disk[:len(code)] = code
    disk[0x40:0x40 + len(packet)] = packet
    disk[SECTOR - 2:SECTOR] = b"\x55\xaa"
    disk[at:at + len(words)] = words
    return bytes(disk)


def boot(drive):
    """Runs QEMU with only this drive. Returns its exit status, and the text that the disk printed or its errors."""
    done = subprocess.run(["qemu-system-x86_64", "-accel", "tcg", "-m", "64", "-nodefaults", "-display", "none",
                           "-debugcon", "stdio", "-device", "isa-debug-exit", "-no-reboot",
                           "-drive", f"file={drive},format=raw,if=ide"], capture_output=True, timeout=DEADLINE)
    return done.returncode, done.stdout or done.stderr
