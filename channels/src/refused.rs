use trillium::Status;

/// Why a client may not connect: what a `#[connect]` method returns as its `Err`.
///
/// The refusal is decided before the upgrade, so the client sees an HTTP status (HS-2).
///
/// ```
/// # use phx_channels::Refused;
/// assert_eq!(u16::from(Refused::new().status()), 403);
/// assert_eq!(u16::from(Refused::with_status(trillium::Status::TooManyRequests).status()), 429);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    status: Status,
}

impl Refused {
    /// Refused with 403, what Phoenix answers.
    pub fn new() -> Self {
        Self::with_status(Status::Forbidden)
    }

    /// Refused with another status, for example 401 or 429.
    pub fn with_status(status: Status) -> Self {
        Self { status }
    }

    /// The HTTP status of the answer.
    pub fn status(&self) -> Status {
        self.status
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
