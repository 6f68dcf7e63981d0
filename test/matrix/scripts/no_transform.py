def convert(input_data):
    return input_data
