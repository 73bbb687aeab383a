//! A handler that the rest of the application has a part in.

use crate::{
    __private::BoxFuture,
    conn::ChannelConn,
    handler::ChannelHandler,
    info::Info,
    message::event::ChannelEvent,
    topic::{Declared, Router, Routes},
};
use std::sync::Arc;

/// What `async_trait` makes of a method. Written out, so that the future of the handler behind the `Arc`
/// is handed on as it is, and not boxed once more.
macro_rules! handed_on {
    ($($method:ident($($argument:ident: $Argument:ty)?))+) => {
        $(
            fn $method<'life0, 'life1, 'async_trait>(
                &'life0 self,
                conn: ChannelConn<'life1>,
                $($argument: $Argument,)?
            ) -> BoxFuture<'async_trait>
            where
                'life0: 'async_trait,
                'life1: 'async_trait,
                Self: 'async_trait,
            {
                (**self).$method(conn $(, $argument)?)
            }
        )+
    };
}

/// Whoever keeps a clone of the `Arc` shares the handler with the channel.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use phx_channels::channel;
/// use std::sync::{
///     Arc,
///     atomic::{AtomicUsize, Ordering::Relaxed},
/// };
///
/// #[derive(Default)]
/// struct Chat {
///     joins: AtomicUsize,
/// }
///
/// #[channel]
/// impl Chat {
///     #[join("rooms:*")]
///     async fn join(&self) {
///         self.joins.fetch_add(1, Relaxed);
///     }
/// }
///
/// let chat = Arc::new(Chat::default());
/// let handler = channel(Arc::clone(&chat));
/// assert_eq!(chat.joins.load(Relaxed), 0);
/// # }
/// ```
impl<H: ChannelHandler> ChannelHandler for Arc<H> {
    handed_on! {
        connect()
        join_channel(event: ChannelEvent)
        leave_channel(event: ChannelEvent)
        incoming_message(event: ChannelEvent)
        handle_out(event: ChannelEvent)
        handle_info(info: Info)
        disconnect()
    }

    fn router(&self) -> Option<&'static Router> {
        (**self).router()
    }

    fn routes(&self, topic: &str) -> Routes {
        (**self).routes(topic)
    }

    fn declared(&self) -> Vec<Declared> {
        (**self).declared()
    }
}
