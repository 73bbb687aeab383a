//! Several handlers on one socket, as tuples.

use crate::{
    conn::ChannelConn,
    handler::ChannelHandler,
    info::Info,
    message::event::ChannelEvent,
    topic::{Declared, Routes},
};
use async_trait::async_trait;

macro_rules! tuple {
    ($($handler:ident $index:tt)+) => {
        /// Handlers that share a socket: of their patterns, the most specific one takes a topic.
        #[async_trait]
        impl<$($handler: ChannelHandler),+> ChannelHandler for ($($handler,)+) {
            /// Asks each in turn, until one refuses.
            async fn connect(&self, conn: ChannelConn<'_>) {
                $(
                    self.$index.connect(conn).await;
                    if conn.is_refused() {
                        return;
                    }
                )+
            }

            /// Asks each that may take the topic, until one has decided.
            async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
                for taker in conn.takers() {
                    let (taker, conn) = conn.taken_by(taker);
                    match taker {
                        $($index => self.$index.join_channel(conn, event.clone()).await,)+
                        _ => {}
                    }
                    if !conn.is_joining() {
                        return;
                    }
                }
            }

            async fn leave_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
                let (taker, conn) = conn.taken();
                match taker {
                    $($index => self.$index.leave_channel(conn, event).await,)+
                    _ => {}
                }
            }

            async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
                let (taker, conn) = conn.taken();
                match taker {
                    $($index => self.$index.incoming_message(conn, event).await,)+
                    _ => {}
                }
            }

            async fn handle_out(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
                let (taker, conn) = conn.taken();
                match taker {
                    $($index => self.$index.handle_out(conn, event).await,)+
                    _ => {}
                }
            }

            async fn handle_info(&self, conn: ChannelConn<'_>, info: Info) {
                let (taker, conn) = conn.taken();
                match taker {
                    $($index => self.$index.handle_info(conn, info).await,)+
                    _ => {}
                }
            }

            /// Tells each.
            async fn disconnect(&self, conn: ChannelConn<'_>) {
                $(self.$index.disconnect(conn).await;)+
            }

            fn routes(&self, topic: &str) -> Routes {
                Routes::several(vec![$(self.$index.routes(topic)),+])
            }

            fn declared(&self) -> Vec<Declared> {
                let mut declared = Vec::new();
                $(declared.extend(self.$index.declared());)+
                declared
            }
        }
    };
}

tuple!(A 0 B 1);
tuple!(A 0 B 1 C 2);
tuple!(A 0 B 1 C 2 D 3);
tuple!(A 0 B 1 C 2 D 3 E 4);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
