"""A sampler at 1 kHz whose samples hold the script for so long each. Arguments: folder of the harness package, ns. Prints for how many ms it then keeps away."""
import sys
import time

sys.path.insert(0, sys.argv[1])
from harness.stacks.sampler import Sampler


class Holder:
    held_ns, late = 0, {}


class Reader:
    holder = Holder()


sampler = Sampler(0, Reader(), None, 1000)
sampler.off = True
sampler.relatives.look = lambda now_ns: setattr(Holder, 'held_ns', Holder.held_ns + int(sys.argv[2]))
sampler.due = now = time.monotonic_ns()
time.monotonic_ns = lambda: now  # however long this process has to wait for a processor
sampler.act(now)
print((sampler.due - now) // 1_000_000)
