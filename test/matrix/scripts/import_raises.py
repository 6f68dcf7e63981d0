CONFIG = {}["endpoint"]


def transform(input_data):
    return {}
