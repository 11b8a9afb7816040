"""The portal as a WSGI application: `app` for any server, `python app.py` to serve it right here."""

from portal.cli import serve
from portal.settings import SettingFault

try:
    from portal import create_app

    app = create_app()
except SettingFault as fault:
    raise SystemExit(f"Trivselsportalen cannot start: {fault}") from None

if __name__ == "__main__":
    serve(app)
