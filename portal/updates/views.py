from flask import Blueprint

bp = Blueprint("updates", __name__, url_prefix="/updates")
