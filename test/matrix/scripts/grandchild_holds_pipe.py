import subprocess


def transform(input_data):
    subprocess.Popen(["sleep", "30"])
    return {"ok": True}
