use crate::watch::ConnectRefusal;
use trillium::{Conn, HeaderName, HeaderValues, Headers, Status};

/// Why a client may not connect: what a `#[connect]` method returns as its `Err`.
///
/// The refusal is decided before the upgrade, so the client sees an HTTP status (HS-2). Browsers do
/// not show it to their pages; other clients see the headers and the body as well (HS-3).
///
/// ```
/// # use phx_channels::Refused;
/// use trillium::Status;
///
/// assert_eq!(u16::from(Refused::new().status()), 403);
///
/// let busy = Refused::with_status(Status::TooManyRequests)
///     .header("retry-after", "7")
///     .body("slow down");
/// assert_eq!(u16::from(busy.status()), 429);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a client is refused by returning this"]
pub struct Refused {
    status: Status,
    headers: Headers,
    body: String,
    why: ConnectRefusal,
}

impl Refused {
    /// Refused with 403, what Phoenix answers.
    pub fn new() -> Self {
        Self::with_status(Status::Forbidden)
    }

    /// Refused with another status, for example 401 or 429.
    pub fn with_status(status: Status) -> Self {
        Self {
            status,
            headers: Headers::new(),
            body: String::new(),
            why: ConnectRefusal::default(),
        }
    }

    /// The same for this reason.
    pub(crate) fn because(self, why: ConnectRefusal) -> Self {
        Self { why, ..self }
    }

    pub(crate) fn why(&self) -> ConnectRefusal {
        self.why
    }

    /// The same with this header.
    pub fn header(
        mut self,
        name: impl Into<HeaderName<'static>>,
        value: impl Into<HeaderValues>,
    ) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The same with this text.
    pub fn body(self, body: impl Into<String>) -> Self {
        let body = body.into();
        Self { body, ..self }
    }

    /// The HTTP status of the answer.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Answers the request with this.
    pub(crate) fn answer(self, conn: Conn) -> Conn {
        let mut conn = conn.with_status(self.status).with_body(self.body);
        conn.response_headers_mut().append_all(self.headers);
        conn.halt()
    }
}

impl Default for Refused {
    fn default() -> Self {
        Self::new()
    }
}

/// What a `#[connect]` method may return: `()`, or `Result<(), Refused>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the return type of a `#[connect]` method",
    label = "neither accepts nor refuses the client",
    note = "return `()` or `Result<(), Refused>`"
)]
pub trait IntoConnect {
    /// `Err` refuses the client.
    ///
    /// # Errors
    ///
    /// The refusal.
    fn into_connect(self) -> Result<(), Refused>;
}

impl IntoConnect for () {
    fn into_connect(self) -> Result<(), Refused> {
        Ok(())
    }
}

impl IntoConnect for Result<(), Refused> {
    fn into_connect(self) -> Self {
        self
    }
}
