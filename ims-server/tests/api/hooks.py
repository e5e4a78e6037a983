"""What is done around each request of a run: it goes on signed in, and nobody outside is called."""

import os

import schemathesis
from schemathesis import AuthContext, Case, HookContext, Response

from serving import ADMIN, sign_in

URL = os.environ["IMS_API_URL"]
# What may end the session of the run, or signs with other keys than the token was signed with.
ENDS_SESSIONS = {
    ("PUT", "/v1/account/password"),
    ("DELETE", "/v1/tokens"),
    ("DELETE", "/v1/account/sessions"),
    ("DELETE", "/v1/account/sessions/{session}"),
    ("DELETE", "/v1/users/{user}/sessions"),
    ("POST", "/v1/admin/signing-keys"),
}
# Nobody listens there.
NOBODY = "https://127.0.0.1:9/"

token, password = sign_in(URL), ADMIN[1]


@schemathesis.auth(refresh_interval=None)
class SignedIn:
    """Sends the token that is good now."""

    def get(self, case: Case, context: AuthContext) -> str:
        return token

    def set(self, case: Case, data: str, context: AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, object]) -> None:
    """Names nobody outside as a listener."""
    body = case.body
    if case.operation.path == "/v1/webhooks" and isinstance(body, dict) and "://" in str(body.get("url")):
        case.body = {**body, "url": NOBODY}


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    """Signs in again after what ended the session, with the password that there is now."""
    global token, password
    asked = (case.method.upper(), case.operation.path)
    if response.status_code >= 300:
        return
    if asked == ("PUT", "/v1/account/password") and isinstance(case.body, dict):
        password = case.body["new"]
    if asked in ENDS_SESSIONS:
        token = sign_in(URL, password)
