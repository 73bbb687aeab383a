//! Who connects.

use phx_channels::{ChannelConn, ChannelEvent, FromEvent, Refused};
use serde::Deserialize;
use trillium::Status;

/// What decides on a client.
#[derive(Deserialize)]
pub(crate) struct Login {
    token: Option<String>,
    user: Option<String>,
}

/// The user that a client has named, if it has.
#[derive(Clone)]
pub(crate) struct User(pub(crate) Option<String>);

impl<'a> FromEvent<'a> for User {
    type Rejection = &'static str;

    fn from_event(conn: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, Self::Rejection> {
        conn.state().cloned().ok_or("unauthorized")
    }
}

/// By its token a client is refused, and by its user it can be found again.
pub(crate) fn login(conn: ChannelConn<'_>, login: Login) -> Result<(), Refused> {
    match login.token.as_deref() {
        Some("busy") => {
            let busy = Refused::with_status(Status::TooManyRequests);
            return Err(busy.header("retry-after", "7").body("slow down"));
        }
        Some("raise") => panic!("connect raises"),
        // The last two are mistakes of the application that do not compile here.
        Some("bad" | "odd" | "badid") => return Err(Refused::new()),
        _ => {}
    }
    if let Some(user) = &login.user {
        conn.set_id(format!("users:{user}"));
    }
    conn.insert_state(User(login.user));
    Ok(())
}
