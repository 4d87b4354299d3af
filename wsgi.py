"""The application object for a WSGI server; its settings come from the environment."""

import gc

# Nothing dies while the modules load: searching for garbage would only cost a tenth of the start.
gc.disable()

from contest import create_app  # noqa: E402  the pause must come first

app = create_app()
gc.enable()
gc.freeze()
