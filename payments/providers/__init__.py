"""Who collects money: the port (port.py), what its answers and errors are, and the providers behind it."""
