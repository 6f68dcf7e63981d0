import os
import signal


def transform(input_data):
    os.kill(os.getpid(), signal.SIGSTOP)  # at the cut: waiting
    return {"stopped": False}
