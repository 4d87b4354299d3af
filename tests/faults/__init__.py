"""Processes are killed, plugs are pulled; what a judge typed survives."""
