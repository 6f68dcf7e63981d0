"""Brings the loopback device of this network namespace up, proves that there is no other way out, then becomes the given command."""
import fcntl
import os
import socket
import struct
import sys

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1

probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
name = struct.pack("16sh", b"lo", 0)
flags = struct.unpack("16sh", fcntl.ioctl(probe, SIOCGIFFLAGS, name))[1]
fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | IFF_UP))
devices = [device for _, device in socket.if_nameindex()]
if devices != ["lo"]:
    sys.exit("this namespace is not cut off: it has the devices %s" % ", ".join(devices))
os.execv(sys.argv[1], sys.argv[1:])
