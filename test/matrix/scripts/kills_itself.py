import os
import subprocess
import time


def transform(input_data):
    number = input_data.get("signal", "SIGKILL").replace("SIG", "")
    subprocess.Popen(["sh", "-c", "sleep 0.2; kill -s %s %d" % (number, os.getpid())])
    time.sleep(5)  # at the cut: sleep
