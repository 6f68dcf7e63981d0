"""The clock of all instants that are told: ns, monotonic, the system's own where it has one for all processes (Linux, macOS)."""
import sys
import time

# Windows moves its monotonic clock in steps of 16 ms only.
now_ns = time.perf_counter_ns if sys.platform == 'win32' else time.monotonic_ns
