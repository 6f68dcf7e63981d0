import signal
import time


def transform(input_data):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end = time.monotonic() + 3
    while time.monotonic() < end:  # at the cut
        time.sleep(0.05)  # at the cut
    return {"survived": True}
