import socket


def transform(input_data):
    sockets = []
    while True:
        sockets.append(socket.socket())
