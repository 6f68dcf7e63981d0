"""Counts primes the slow way: all of its time is computing."""


def is_prime(number):
    if number < 2:
        return False
    divisor = 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            return False
        divisor += 1
    return True


def transform(input_data):
    below = input_data["below"]
    primes = 0
    for number in range(below):
        if is_prime(number):
            primes += 1
    return {"below": below, "primes": primes}
