"""Who looks at the page: signed in, where the operator has set up a login; else the name that they gave, if any."""

from urllib.parse import unquote

import streamlit as st

from data_access.judgements.people import LONGEST_NAME, Person, clean_name

COOKIE = "rewardscope_name"
# Kept in the browser for a year, so that a name is given once.
_KEEPER = st.components.v2.component(
    "name_keeper",
    html="<span hidden></span>",
    js=f"""
export default function ({{ data }}) {{
  const value = encodeURIComponent(data.name)
  document.cookie = `{COOKIE}=${{value}}; path=/; max-age=31536000; samesite=strict`
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
        claims = (st.user.get(name) for name in ("email", "preferred_username", "name", "sub"))
        name = next((cleaned for claim in claims if isinstance(claim, str) and (cleaned := clean_name(claim))), "")
        return Person(name, signed_in=True) if name else None
    kept = unquote(st.context.cookies.get(COOKIE, ""))
    name = clean_name(st.session_state.get("viewer_name", kept))
    return Person(name) if name else None


def ask_who(key: str) -> None:
    """Ask for what `viewer` needs: a name, or to sign in."""
    if has_login():
        st.caption("Sign in to write something: what you write carries your name.")
        st.button("Sign in", key=f"{key}_sign_in", type="primary", on_click=st.login)
        return
    with st.form(f"{key}_who", border=False, width=320):
        st.text_input(
            "Your name",
            key=f"{key}_name",
            max_chars=LONGEST_NAME,
            placeholder="As your team knows you",
            help="What you write carries it, for everybody who opens this server. It is kept in your browser.",
        )
        st.form_submit_button("This is me", type="primary", on_click=_take_name, args=(f"{key}_name",))


def _take_name(key: str) -> None:
    if name := clean_name(st.session_state[key]):
        st.session_state["viewer_name"] = name


def who(key: str) -> None:
    """Who one is, with a way to be somebody else."""
    person = viewer()
    if person is None:
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
