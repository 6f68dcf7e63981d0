"""Swallows the polite request to stop, and goes on."""
import signal
import time


def on_sigterm(number, frame):
    print("SIGTERM received, carrying on")


def transform(input_data):
    signal.signal(signal.SIGTERM, on_sigterm)
    until = time.monotonic() + input_data["seconds"]
    while time.monotonic() < until:
        time.sleep(0.1)
    return {"status": "success"}
