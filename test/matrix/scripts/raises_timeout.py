def transform(input_data):
    raise TimeoutError("request timed out after 500ms")
