"""Who looks at the page: signed in, where the operator has set up a login; else the name that they gave, if any."""

from typing import Any
from urllib.parse import unquote

import streamlit as st

from data_access.judgements.people import LONGEST_NAME, Person, clean_name
from data_access.judgements.text_keys import text_key

COOKIE = "rewardscope_name"
# Kept in the browser for a year, so that a name is given once.
_KEEPER = st.components.v2.component(
    "name_keeper",
    html="<span hidden></span>",
    js=f"""
export default function ({{ data }}) {{
  const kept = data.name ? 31536000 : 0
  document.cookie = `{COOKIE}=${{encodeURIComponent(data.name)}}; path=/; max-age=${{kept}}; samesite=strict`
}}
""",
)


def has_login() -> bool:
    """Whether the operator has set up a login: then names that are typed count for nothing."""
    return "is_logged_in" in st.user


def viewer() -> Person | None:
    """Who looks, or None where that is not known."""
    if has_login():
        if not st.user.is_logged_in:
            return None
        name = signed_in_name(dict(st.user.to_dict()))
        return Person(name, signed_in=True) if name else None
    given = st.session_state.get("viewer_name")
    if given is None:
        kept = st.context.cookies.get(COOKIE)
        given = unquote(kept) if isinstance(kept, str) else ""
    name = clean_name(given)
    return Person(name) if name else None


def signed_in_name(claims: dict[str, Any]) -> str:
    """The name of whoever these claims are of, which nobody else has: their email where the provider does not say that it is
    unverified; else what they call themselves, which anybody may, with a mark of the provider's own name for them."""
    email = claims.get("email")
    if isinstance(email, str) and claims.get("email_verified") is not False and clean_name(email) == email:
        return email
    own = f"{claims.get('iss')} {claims.get('sub')}"
    called = next((name for key in ("preferred_username", "name") if isinstance(name := claims.get(key), str)), "")
    return clean_name(f"{clean_name(called)[:60]} #{text_key(own)[:10]}") if claims.get("sub") else ""


def ask_who(key: str) -> None:
    """Ask for what `viewer` needs: a name, or to sign in."""
    if has_login():
        st.caption("Sign in to write something: what you write carries your name.")
        st.button("Sign in", key=f"{key}_sign_in", type="primary", on_click=st.login)
        return
    if st.session_state.get("viewer_name") == "":  # somebody said that they are not who the browser has kept
        _KEEPER(key=f"{key}_forget", data={"name": ""})
    with st.form(f"{key}_who", border=False, width=320):
        st.text_input(
            "Your name",
            key=f"{key}_name",
            max_chars=LONGEST_NAME,
            placeholder="As your team knows you",
        )
        st.caption("Everybody who opens this server sees it beside what you write. It is kept in your browser.")
        st.form_submit_button("This is me", type="primary", on_click=_take_name, args=(f"{key}_name",))


def _take_name(key: str) -> None:
    if name := clean_name(st.session_state[key]):
        st.session_state["viewer_name"] = name


def who(key: str) -> None:
    """Who one is, with a way to say so, or to be somebody else."""
    person = viewer()
    if person is None:
        with st.popover("Your name", icon=":material/person:", type="tertiary", key=f"{key}_asks"):
            ask_who(key)
        return
    if not person.signed_in:
        _KEEPER(key=f"{key}_keep", data={"name": person.name})
    with st.container(key=f"{key}_known", horizontal=True, vertical_alignment="center", gap="small"):
        st.text(f"You write as {person}")
        if has_login():
            st.button("Sign out", key=f"{key}_sign_out", type="tertiary", on_click=st.logout)
        else:
            st.button("Not you?", key=f"{key}_not", type="tertiary", on_click=_forget_name)


def _forget_name() -> None:
    st.session_state["viewer_name"] = ""
