//! Whether a request is a WebSocket handshake. All of it is looked at before anybody is asked whether it may succeed.

use crate::refused::Refused;
use base64::{
    Engine, alphabet,
    engine::{GeneralPurpose, GeneralPurposeConfig},
};
use trillium::{Conn, Headers, KnownHeaderName, Method, Status, Version};

/// Why a request is no WebSocket handshake (HS-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It does not want to be one.
    NotAsked,
    Method,
    Connection,
    Version,
    Key,
    Body,
}

impl Wrong {
    pub(crate) fn refusal(self, headers: &Headers) -> Refused {
        let mut refused = Refused::with_status(Status::BadRequest);
        if has_body(headers) {
            // It is not waited for, and what may come of it is no next request.
            refused = refused.header(KnownHeaderName::Connection, "close");
        }
        match self {
            Self::NotAsked => {
                refused.body("this is a WebSocket: the request must ask for an upgrade")
            }
            Self::Method => refused.body("a WebSocket is opened by a GET of HTTP/1.1"),
            Self::Connection => {
                refused.body("the 'connection' header must contain 'upgrade', and not 'close'")
            }
            // Phoenix answers 400 here as well, where the RFC has 426.
            Self::Version => refused
                .header(KnownHeaderName::SecWebsocketVersion, "13")
                .body("the version of WebSocket must be 13"),
            Self::Key => {
                refused.body("the upgrade needs a Sec-WebSocket-Key of 16 bytes in base64")
            }
            Self::Body => refused.body("a request for an upgrade has no body"),
        }
    }
}

/// # Errors
///
/// What is missing.
pub(crate) fn check(conn: &Conn) -> Result<(), Wrong> {
    let headers = conn.request_headers();
    let needs_key = match conn.http_version() {
        Version::Http2 | Version::Http3 => {
            check_connect(conn)?;
            false
        }
        version => {
            check_upgrade(headers, conn.method(), version)?;
            true
        }
    };
    if headers.get_str(KnownHeaderName::SecWebsocketVersion) != Some("13") {
        return Err(Wrong::Version);
    }
    let key = headers.get_str(KnownHeaderName::SecWebsocketKey);
    if needs_key && !key.is_some_and(is_key) {
        return Err(Wrong::Key);
    }
    if has_body(headers) {
        return Err(Wrong::Body);
    }
    Ok(())
}

/// RFC 8441 and RFC 9220: there is no key.
fn check_connect(conn: &Conn) -> Result<(), Wrong> {
    let http: &trillium_http::Conn<_> = conn.as_ref();
    let protocol = http.protocol();
    let is_asked = conn.method() == Method::Connect
        && protocol.is_some_and(|protocol| protocol.eq_ignore_ascii_case("websocket"));
    is_asked.then_some(()).ok_or(Wrong::NotAsked)
}

fn check_upgrade(headers: &Headers, method: Method, version: Version) -> Result<(), Wrong> {
    let has = |name, token: &str| {
        let mut tokens = headers.token_iter(name);
        tokens.any(|it: &str| it.eq_ignore_ascii_case(token))
    };
    if !has(KnownHeaderName::Upgrade, "websocket") {
        return Err(Wrong::NotAsked);
    }
    if method != Method::Get || version != Version::Http1_1 {
        return Err(Wrong::Method);
    }
    // With both, the server would have to close what it has just upgraded.
    if !has(KnownHeaderName::Connection, "upgrade") || has(KnownHeaderName::Connection, "close") {
        return Err(Wrong::Connection);
    }
    Ok(())
}

/// Whether this is 16 bytes in base64.
fn is_key(key: &str) -> bool {
    // Some clients make up the text and not the bytes, so that its last bits are not zero.
    const BASE64: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
    );
    BASE64.decode(key).is_ok_and(|bytes| bytes.len() == 16)
}

fn has_body(headers: &Headers) -> bool {
    let has_length = headers.has_header(KnownHeaderName::ContentLength);
    headers.has_header(KnownHeaderName::TransferEncoding)
        || (has_length && headers.content_length() != Some(0))
}
