"""Signs with, or checks by, what an env file holds for one framework.

Usage: frameworks.py FRAMEWORK sign|check ENV_FILE; what was signed is printed, or read from standard input.
"""

import json
import os
import sys


def load(path):
    with open(path) as lines:
        for line in lines:
            name, _, value = line.strip().partition("=")
            if value[:1] == value[-1:] and value[:1] in ("'", '"'):
                quote, value = value[0], value[1:-1]
                if quote == '"':
                    value = value.replace('\\"', '"').replace("\\\\", "\\")
            os.environ[name] = value


def django(action, text):
    from django.conf import settings

    # As django-environ reads lists: split at commas.
    fallbacks = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
    settings.configure(SECRET_KEY=os.environ["SECRET_KEY"], SECRET_KEY_FALLBACKS=fallbacks)
    from django.core import signing

    return signing.dumps("session") if action == "sign" else signing.loads(text)


def flask(action, text):
    import flask

    app = flask.Flask("app")
    app.config.from_prefixed_env()
    serializer = flask.sessions.SecureCookieSessionInterface().get_signing_serializer(app)
    return serializer.dumps("session") if action == "sign" else serializer.loads(text)


def fernet(action, text):
    from cryptography.fernet import Fernet, MultiFernet

    keys = MultiFernet([Fernet(key) for key in os.environ["FERNET_KEYS"].split(",")])
    if action == "sign":
        return keys.encrypt(b"session").decode()
    return keys.decrypt(text.encode()).decode()


framework, action, path = sys.argv[1:]
load(path)
try:
    done = {"django": django, "flask": flask, "fernet": fernet}[framework](action, sys.stdin.read())
except Exception as error:
    done = type(error).__name__
print(json.dumps(done))
