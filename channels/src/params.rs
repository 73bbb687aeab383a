use crate::{ChannelConn, ChannelEvent, FromEvent};
use serde::{Serialize, de::DeserializeOwned};

/// The parameters that the client connected with, decoded: an argument of any handler method.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use phx_channels::{Params, channel};
///
/// #[derive(serde::Deserialize)]
/// struct Client {
///     locale: Option<String>,
/// }
///
/// struct Chat;
///
/// #[channel]
/// impl Chat {
///     #[join("rooms:*")]
///     async fn join(&self, Params(client): Params<Client>) -> Result<String, ()> {
///         Ok(client.locale.unwrap_or_else(|| "en".into()))
///     }
/// }
/// # }
/// ```
///
/// All values in a query string are text; `vsn` is one of them. Parameters that do not fit are
/// answered `{"reason":"invalid params","detail":...}`, and in `#[connect]` they refuse the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Params<T>(pub T);

/// The response to connect parameters that do not fit.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct InvalidParams {
    /// `"invalid params"`.
    pub reason: &'static str,
    /// What does not fit, with the path of the parameter where there is one.
    pub detail: String,
}

impl<T: DeserializeOwned> FromEvent<'_> for Params<T> {
    type Rejection = InvalidParams;

    fn from_event(conn: ChannelConn<'_>, _: &ChannelEvent) -> Result<Self, InvalidParams> {
        let params = conn.params().decode().map(Self);
        params.map_err(|error| InvalidParams {
            reason: "invalid params",
            detail: error.to_string(),
        })
    }
}
