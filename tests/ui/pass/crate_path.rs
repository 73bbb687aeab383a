//! The crate may be known by another name.

#![deny(warnings)]

mod vendored {
    pub mod deep {
        pub use phx_channels::*;
    }
}

use vendored::deep as renamed;

mod phx_channels_is_not_used {
    use super::renamed::{ChannelConn, Event, channel};
    use serde::Serialize;

    pub struct Chat;

    #[derive(Serialize, Event)]
    #[event("new:msg", crate = crate::vendored::deep)]
    pub struct Message;

    #[derive(Serialize, Event)]
    #[event(crate = super::renamed)]
    pub struct UserJoined<T>(pub T);

    #[channel(crate = super::renamed)]
    impl Chat {
        #[join("a")]
        async fn join(&self, conn: ChannelConn<'_>) {
            conn.push(Message);
            conn.push(UserJoined(1));
        }
    }
}

fn main() {
    use renamed::Event;
    assert_eq!(phx_channels_is_not_used::Message::NAME, "new:msg");
    assert_eq!(phx_channels_is_not_used::UserJoined::<u8>::NAME, "user_joined");
    let _ = renamed::channel(phx_channels_is_not_used::Chat);
}
