import signal
import time


def transform(input_data):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end = time.monotonic() + 3
    while time.monotonic() < end:
        time.sleep(0.05)
    return {"survived": True}
