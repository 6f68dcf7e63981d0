import os
import signal
import time


def transform(input_data):
    os.kill(os.getpid(), getattr(signal, input_data.get("signal", "SIGKILL")))
    time.sleep(5)
