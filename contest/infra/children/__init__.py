"""What looks into foreign files: run by `run.py` in a limited process, never by the process that answers requests.

Each module offers `inspect(source)`, which returns codes of what is wrong; `words(source)`, which returns the text
and the notes about the author inside; and `strip(source, target)`, which writes a copy without those notes.
"""
