"""The portal as a WSGI application: `app` for any server, `python app.py` to serve it right here."""

import gc

gc.disable()  # until the portal is put together: all of it stays, and looking for garbage in it is a sixth of the start

from portal import create_app  # noqa: E402
from portal.operations.serving import serve  # noqa: E402
from portal.settings import SettingFault  # noqa: E402

try:
    app = create_app()
except SettingFault as fault:
    raise SystemExit(f"Trivselsportalen cannot start: {fault}") from None
gc.enable()

if __name__ == "__main__":
    serve(app)
