"""The portal as a WSGI application: `app` for any server, `python app.py` to serve it right here."""

from portal import create_app
from portal.operations.serving import serve
from portal.settings import SettingFault

try:
    app = create_app()
except SettingFault as fault:
    raise SystemExit(f"Trivselsportalen cannot start: {fault}") from None

if __name__ == "__main__":
    serve(app)
