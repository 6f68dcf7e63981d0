def transform(input_data):
    return {"filler": "x" * input_data.get("bytes", 200000)}
