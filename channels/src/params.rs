mod number;
mod query;
mod unfit;

use crate::{
    conn::ChannelConn,
    extract::FromEvent,
    logging::Quoted,
    message::{event::ChannelEvent, payload::Payload},
};
use query::{Guess, Query};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use serde_path_to_error::Path;
use std::time::Instant;
use unfit::Unfit;

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
/// # #[cfg(feature = "testing")] {
/// # use phx_channels::testing::TestApp;
/// # use serde_json::json;
/// # futures_lite::future::block_on(async {
/// # let app = TestApp::new(&channel(Chat));
/// # let mut client = app.connect().param("locale", "de").await.unwrap();
/// # assert_eq!(client.join("rooms:lobby", json!({})).await.unwrap_ok(), "de");
/// # }) }
/// # }
/// ```
///
/// All values in a query string are text, of which `vsn` is one. A field that is a number or a boolean is
/// read from its text: `user=5` fits `user: u64`, `-1.5` an `f64`, and `true`, `false`, `1` and `0` a `bool`.
/// What is no number in JSON, such as `NaN`, is none here. Behind `#[serde(flatten)]` and in untagged enums,
/// where serde does not say what a field is, a text stays a text unless nothing fits that way.
///
/// Parameters that do not fit are answered `{"reason":"invalid params","detail":...}`. In `#[connect]` they
/// refuse the client, and a WARN names the parameter, but never its value.
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
        decode(conn).map(Self).map_err(|detail| InvalidParams {
            reason: "invalid params",
            detail,
        })
    }
}

/// The connect parameters as a type of the user's.
///
/// # Errors
///
/// Where they do not fit, and why. It has no value of the client where that client is not answered, so that
/// the log has none either.
pub(crate) fn decode<T: DeserializeOwned>(conn: ChannelConn<'_>) -> Result<T, String> {
    read(conn.params()).map_err(|error| {
        if conn.joined().is_some() {
            return error.to_string();
        }
        let why = error.inner().without_values();
        let detail = match place(error.path()) {
            Some(place) => format!("{place}: {why}"),
            None => why.to_owned(),
        };
        if conn.is_connecting()
            && let Some(others) = conn.hub().throttles.params.admit(Instant::now())
        {
            log::warn!("a client is refused, its connect parameters do not fit: {detail}{others}");
        }
        detail
    })
}

/// The name of a parameter, `None` for all of them. It may be the client's own.
fn place(path: &Path) -> Option<String> {
    path.iter().next()?;
    Some(Quoted(&path.to_string()).to_string())
}

fn read<T: DeserializeOwned>(params: &Payload) -> Result<T, serde_path_to_error::Error<Unfit>> {
    // What is all text needs no more, and what is to stay as it came must not be looked at.
    if let Ok(params) = params.decode() {
        return Ok(params);
    }
    let params = params.decode().unwrap_or(Value::Null);
    let read = |guess| serde_path_to_error::deserialize(Query::new(&params, guess));
    read(Guess::Text).or_else(|error| read(Guess::Scalar).map_err(|_| error))
}
