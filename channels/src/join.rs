use crate::reply::Reply;
use serde::Serialize;

/// An accepted join that keeps a value with the joined topic.
///
/// Methods of the topic take the value as `&S` or `&mut S`. It needs no lock, since a topic runs one
/// handler at a time, and it is dropped when the topic has ended.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use phx_channels::{Joined, channel};
///
/// struct Counter;
///
/// #[channel]
/// impl Counter {
///     #[join("counter:{start}")]
///     async fn join(&self, start: u64) -> Joined<u64, String> {
///         Joined::new(start).reply(format!("starting from {start}"))
///     }
///
///     #[on("counter:*", "next")]
///     async fn next(&self, count: &mut u64) -> Result<u64, ()> {
///         *count += 1;
///         Ok(*count)
///     }
/// }
/// # #[cfg(feature = "testing")] {
/// # use phx_channels::testing::TestApp;
/// # use serde_json::json;
/// # futures_lite::future::block_on(async {
/// # let app = TestApp::new(&channel(Counter));
/// # let mut client = app.connect().await.unwrap();
/// # let joined = client.join("counter:7", json!({})).await;
/// # assert_eq!(joined.unwrap_ok(), "starting from 7");
/// # assert_eq!(client.call("counter:7", "next", json!({})).await.unwrap_ok(), 8);
/// # }) }
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a join is accepted by returning this"]
pub struct Joined<S, T = ()> {
    state: S,
    response: T,
}

impl<S> Joined<S> {
    /// Accepts the join with the response `{}` and keeps `state` with the joined topic.
    pub fn new(state: S) -> Self {
        Self {
            state,
            response: (),
        }
    }
}

impl<S, T> Joined<S, T> {
    /// The same with this response (J-2).
    pub fn reply<R: Serialize>(self, response: R) -> Joined<S, R> {
        Joined {
            state: self.state,
            response,
        }
    }
}

/// What a `#[join]` method may return.
///
/// `()`, a [`Joined`] and `Ok` accept the join and `Err` refuses it, the value being the response.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the return type of a `#[join]` method",
    label = "neither accepts nor refuses the join",
    note = "return `()`, `Joined`, or `Result<T, E>` with `T` and `E` serializable"
)]
pub trait IntoJoin {
    /// What is kept with the joined topic, which must be `Send + 'static`; `()` where nothing is.
    ///
    /// That it is one is asked by `#[channel]`, which says so in one place.
    type State;

    /// Whether the join is accepted, and the response either way.
    ///
    /// # Errors
    ///
    /// The response of a refused join.
    fn into_join(self) -> Result<(Self::State, Reply), Reply>;
}

impl IntoJoin for () {
    type State = ();

    fn into_join(self) -> Result<((), Reply), Reply> {
        Ok(((), Reply::ok(&())))
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: Serialize> IntoJoin for Joined<S, T> {
    type State = S;

    fn into_join(self) -> Result<(S, Reply), Reply> {
        Ok((self.state, Reply::ok(&self.response)))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize, E: Serialize> IntoJoin for Result<T, E> {
    type State = ();

    fn into_join(self) -> Result<((), Reply), Reply> {
        match self {
            Ok(response) => Ok(((), Reply::ok(&response))),
            Err(response) => Err(Reply::error(&response)),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: Serialize, E: Serialize> IntoJoin for Result<Joined<S, T>, E> {
    type State = S;

    fn into_join(self) -> Result<(S, Reply), Reply> {
        match self {
            Ok(joined) => joined.into_join(),
            Err(response) => Err(Reply::error(&response)),
        }
    }
}
