import atexit
import time

atexit.register(time.sleep, 1)


def transform(input_data):
    return {"ok": True}
