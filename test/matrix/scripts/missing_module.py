import a_module_that_is_nowhere


def transform(input_data):
    return a_module_that_is_nowhere.go(input_data)
