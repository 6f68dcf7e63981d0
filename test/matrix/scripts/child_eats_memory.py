import subprocess
import sys


def transform(input_data):
    subprocess.run([sys.executable, "-c", "held = []\nwhile True: held.append(bytearray(4_000_000))"], check=True)
    return {"survived": True}
