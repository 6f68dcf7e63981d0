import time


def transform(input_data):
    end = time.monotonic() + 3
    while time.monotonic() < end:  # at the cut
        try:
            time.sleep(0.05)  # at the cut
        except BaseException:
            pass
    return {"survived": True}
