//! What a client that polls is answered: an HTTP status of 200, and the real one in the body.

use crate::wire::Utf8Bytes;
use serde::Serialize;
use trillium::{Conn, KnownHeaderName, Status};

/// The body of an answer.
#[derive(Serialize)]
pub(super) struct Answer<'a> {
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<Vec<&'a str>>,
}

impl<'a> Answer<'a> {
    /// A published message was taken.
    pub(super) const PUBLISHED: Self = Self::bare(200);
    /// The client may not connect (LP-8).
    pub(super) const FORBIDDEN: Self = Self::bare(403);
    /// The session did not take a message within the window (LP-6).
    pub(super) const BUSY: Self = Self::bare(408);
    /// There is no such session (LP-7).
    pub(super) const GONE: Self = Self::bare(410);

    const fn bare(status: u16) -> Self {
        Self {
            status,
            token: None,
            messages: None,
        }
    }

    /// A new session (LP-1).
    pub(super) fn opened(token: &'a str) -> Self {
        Self {
            status: 410,
            token: Some(token),
            messages: Some(Vec::new()),
        }
    }

    /// The messages for a poll, of which there may be none (LP-2, LP-3).
    pub(super) fn polled(token: &'a str, messages: &'a [Utf8Bytes]) -> Self {
        Self {
            status: if messages.is_empty() { 204 } else { 200 },
            token: Some(token),
            messages: Some(messages.iter().map(Utf8Bytes::as_str).collect()),
        }
    }

    pub(super) fn send(&self, conn: Conn) -> Conn {
        let Ok(body) = serde_json::to_string(self) else {
            return conn.with_status(Status::InternalServerError).halt();
        };
        with_cors(conn)
            .with_response_header(
                KnownHeaderName::ContentType,
                "application/json; charset=utf-8",
            )
            .with_response_header(KnownHeaderName::CacheControl, "no-store")
            .with_status(Status::Ok)
            .with_body(body)
            .halt()
    }
}

/// Pages of any origin may read the answer: which of them may connect is decided otherwise.
pub(super) fn with_cors(conn: Conn) -> Conn {
    conn.with_response_header(KnownHeaderName::AccessControlAllowOrigin, "*")
}
