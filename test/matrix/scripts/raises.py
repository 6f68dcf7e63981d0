def transform(input_data):
    return {"first": input_data["orders"][0]}
