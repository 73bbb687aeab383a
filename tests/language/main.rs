//! What a `#[channel]` block means: routing, arguments, replies, and the life of a connection.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

mod arguments;
mod captures;
mod documented;
mod handles;
mod info;
mod intercept;
mod large;
mod life;
mod log;
mod params;
mod rates;
mod replies;
mod routing;
mod sends;
mod several;
mod shared;
mod state;
mod tasks;
