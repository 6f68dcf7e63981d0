import tempfile


def transform(input_data):
    with tempfile.TemporaryFile() as file:
        for _ in range(64):
            file.write(b"x" * 65536)
            file.flush()
    return {"written": True}
