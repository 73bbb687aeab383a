//! Whether the client of a request is still there.

use std::{future::poll_fn, pin::pin, task::Poll};
use trillium::{Conn, Version};

/// How often a request is looked at for more that comes from its client. What comes is kept for the next
/// request, and trillium-http before 1.7 has no bound for it: with each look the buffer may double.
const LOOKS: usize = 6;

/// Waits for something on behalf of a client; `None` if it has gone, which is noticed before what it
/// waits for is taken.
///
/// `Conn::cancel_on_disconnect` does not serve. Before trillium-http 1.7 it takes each request over HTTP/2
/// for gone, and buffers without bound what a client of HTTP/1 goes on to send. Where it takes a request over
/// HTTP/2 for gone at once it is not asked again: that its client has gone is heard when it is answered.
pub(super) async fn while_connected<T>(
    conn: &mut Conn,
    waiting: impl Future<Output = T>,
) -> Option<T> {
    let mut waiting = pin!(waiting);
    let mut looks = match conn.http_version() {
        Version::Http2 | Version::Http3 if conn.is_disconnected().await => 0,
        // Nothing is read, and so nothing kept, to find it out.
        Version::Http2 | Version::Http3 => usize::MAX,
        _ => LOOKS,
    };
    poll_fn(|cx| {
        if looks > 0 {
            looks -= 1;
            if pin!(conn.is_disconnected()).poll(cx) == Poll::Ready(true) {
                return Poll::Ready(None);
            }
        }
        waiting.as_mut().poll(cx).map(Some)
    })
    .await
}
