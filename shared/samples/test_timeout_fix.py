"""Walks through a delay in steps, so that the log shows how far it came before something cut it."""
import time


def transform(input_data):
    delay = float(input_data.get("delay_seconds", 1))
    steps = max(1, int(input_data.get("steps", 10)))
    started = time.monotonic()
    for step in range(1, steps + 1):
        time.sleep(delay / steps)
        print(f"step {step}/{steps} after {time.monotonic() - started:.2f} s")
    return {"status": "success", "waited_seconds": round(time.monotonic() - started, 2)}


if __name__ == "__main__":
    print(transform({"delay_seconds": 0.1}))
