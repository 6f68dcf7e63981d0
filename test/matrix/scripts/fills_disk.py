import errno


def transform(input_data):
    with open(input_data["path"], "wb", buffering=0) as file:
        while True:
            file.write(b"x" * 65536)
