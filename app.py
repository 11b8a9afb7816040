"""The portal as a WSGI application: `app` for any server, `python app.py` to serve it right here."""

import gc

gc.disable()  # nothing that the start makes is ever garbage, and looking for some takes a tenth of it

from portal.operations.serving import serve  # noqa: E402 - see above
from portal.settings import SettingFault  # noqa: E402

try:
    from portal import create_app

    app = create_app()
except SettingFault as fault:
    raise SystemExit(f"Trivselsportalen cannot start: {fault}") from None

gc.enable()

if __name__ == "__main__":
    serve(app)
