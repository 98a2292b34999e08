"""Payment providers: the port (port.py) with its answers and errors, and the providers behind it."""
