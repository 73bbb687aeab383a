//! What a join says about clients that do not keep up.

#![deny(warnings)]

use phx_channels::{ChannelConn, Config, Overflow, channel};

struct Live;

macro_rules! live {
    ($topic:literal, $overflow:expr) => {
        #[channel]
        impl Live {
            #[join("chat:*", overflow = disconnect)]
            async fn chat(&self) {}

            #[join("cursors:{room}", overflow = drop_oldest,)]
            async fn cursors(&self, room: u32) {
                let _ = room;
            }

            #[join("log:*", overflow = drop_newest)]
            async fn log(&self) -> Result<(), &'static str> {
                Err("closed")
            }

            #[cfg(all())]
            #[join("scores:*", overflow = latest)]
            async fn scores(&self, conn: ChannelConn<'_>) {
                conn.overflow(Overflow::DropNewest);
            }

            #[cfg(any())]
            #[join("scores:*", overflow = drop_oldest)]
            async fn other_scores(&self) {}

            #[join($topic, overflow = $overflow)]
            async fn of_macro(&self) {}
        }
    };
}

live!("macros:*", latest);

fn main() {
    let config = Config::new().overflow(Overflow::Latest).on_overflow(|_| {});
    let _ = channel(Live).with_config(config);
}
