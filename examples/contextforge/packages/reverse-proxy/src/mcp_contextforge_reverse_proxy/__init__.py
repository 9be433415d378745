"""Reaches an MCP server that sits behind NAT.

A `relay` runs where clients can reach it; an `agent` runs beside the server and only ever connects
outwards: it waits at the relay for requests, asks the server, and brings the answers back.
"""

__version__ = "1.0.0"
