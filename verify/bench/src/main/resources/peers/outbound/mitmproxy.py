"""Leads every name to the origin."""


def server_connect(data):
    data.server.address = ("127.0.0.1", @ORIGIN_PORT@)
