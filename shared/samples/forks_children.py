"""Leaves helpers behind: one of them keeps the output open, another has left the process group."""
import subprocess


def transform(input_data):
    seconds = str(input_data["seconds"])
    holder = subprocess.Popen(["sleep", seconds])
    daemon = subprocess.Popen(["sleep", seconds], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(f"started {holder.pid} and {daemon.pid}, not waiting for them")
    return {"started": 2}
