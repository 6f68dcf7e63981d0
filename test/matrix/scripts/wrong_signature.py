def transform():
    return {}
