"""Where the operator wants it: nothing is shown before a viewer is signed in."""

import streamlit as st

from data_access import log
from pages.components.state.session import settings
from pages.components.state.viewer import has_login, viewer


def only_signed_in() -> None:
    """Go on for whoever is signed in, or where that is not asked for. Else end the run with the button to sign in."""
    if has_login() and st.user.is_logged_in:
        if "login_logged" not in st.session_state:
            st.session_state["login_logged"] = True
            log.event("login", person=viewer() or "unnamed")
        return
    if not settings().login:
        return
    with st.container(key="door", horizontal_alignment="center"):
        st.title("Rewardscope", anchor=False, width="content")
        if has_login():
            st.button("Sign in", type="primary", on_click=st.login)
        else:
            st.caption("No login is set up on this server. Tell whoever runs it.")
    st.stop()
