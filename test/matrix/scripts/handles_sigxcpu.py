import signal


def stop(number, frame):
    raise RuntimeError("enough")


def transform(input_data):
    signal.signal(signal.SIGXCPU, stop)
    while True:
        pass
