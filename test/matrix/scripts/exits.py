import os
import sys


def transform(input_data):
    if "says" in input_data:
        print(input_data["says"], file=sys.stderr, flush=True)
    if input_data.get("how") == "sys":
        sys.exit(input_data.get("code", 3))
    os._exit(input_data.get("code", 3))
