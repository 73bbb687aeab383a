//! The tokens that sessions are found by.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use std::sync::Arc;
use trillium::Conn;

/// Random bytes in a token.
const TOKEN: usize = 24;
const TOKEN_HEADER: &str = "x-phoenix-longpoll-token";

/// A token that nobody guesses; `None` if the system has no random bytes to give.
pub(super) fn new() -> Option<Arc<str>> {
    let mut bytes = [0; TOKEN];
    getrandom::fill(&mut bytes)
        .inspect_err(|error| log::error!("no session was opened: {error}"))
        .ok()?;
    Some(BASE64_URL_SAFE_NO_PAD.encode(bytes).into())
}

/// The token that a request shows, in a header or in its query.
pub(super) fn of(conn: &Conn) -> Option<String> {
    let header = conn.request_headers().get_str(TOKEN_HEADER);
    header.map(str::to_owned).or_else(|| {
        let mut query = form_urlencoded::parse(conn.querystring().as_bytes());
        let token = query.find(|(name, _)| name == "token");
        token.map(|(_, token)| token.into_owned())
    })
}
