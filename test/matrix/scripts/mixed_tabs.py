def transform(input_data):
	return 1
        return 2
