import time


def transform(input_data):
    end = time.monotonic() + 3
    while time.monotonic() < end:
        try:
            time.sleep(0.05)
        except BaseException:
            pass
    return {"survived": True}
