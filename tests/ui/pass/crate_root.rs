//! A channel that is exported, with its documentation, from the root of a strict crate.

#![deny(warnings, missing_docs, unreachable_pub)]

/// What others use.
pub mod api {
    use phx_channels::{ChannelConn, channel};

    /// A documented channel.
    #[derive(Debug, Default)]
    pub struct Documented {
        _private: (),
    }

    #[channel]
    impl Documented {
        /// Lets everyone in.
        ///
        /// # Errors
        ///
        /// Never.
        #[join("rooms:*")]
        pub async fn join(&self, conn: ChannelConn<'_>) -> Result<(), ()> {
            conn.broadcast((conn.topic(), "entered"));
            Ok(())
        }
    }
}

fn main() {
    let _ = phx_channels::channel(api::Documented::default());
}
