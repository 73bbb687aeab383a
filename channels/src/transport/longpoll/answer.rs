//! What a client that polls is answered: an HTTP status of 200, and the real one in the body.

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
    /// A message did not come in time, or the session did not take it within the window (LP-6).
    pub(super) const LATE: Self = Self::bare(408);
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

    /// The messages for a poll, in order (LP-2).
    pub(super) fn polled(token: &'a str, messages: impl Iterator<Item = &'a str>) -> Self {
        Self {
            status: 200,
            token: Some(token),
            messages: Some(messages.collect()),
        }
    }

    /// There are no messages for a poll (LP-3).
    pub(super) fn nothing(token: &'a str) -> Self {
        Self {
            status: 204,
            token: Some(token),
            messages: Some(Vec::new()),
        }
    }

    /// The body of the answer.
    pub(super) fn encode(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    pub(super) fn send(&self, conn: Conn) -> Conn {
        match self.encode() {
            Ok(body) => send(conn, body),
            Err(_) => conn.with_status(Status::InternalServerError).halt(),
        }
    }
}

/// Answers with a body that is encoded already.
pub(super) fn send(conn: Conn, body: String) -> Conn {
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

/// Pages of any origin may read the answer: which of them may connect is decided otherwise.
pub(super) fn with_cors(conn: Conn) -> Conn {
    conn.with_response_header(KnownHeaderName::AccessControlAllowOrigin, "*")
}

/// The connection ends with this answer: the rest of the request would be waited for.
pub(super) fn with_close(conn: Conn) -> Conn {
    conn.with_response_header(KnownHeaderName::Connection, "close")
}
