//! The end of a connection.

use super::{End, Socket, call};
use crate::{
    ChannelConn, ChannelHandler,
    socket::Connection,
    transport::{CloseCode, Received, Transport},
};
use futures_util::future::{BoxFuture, join};
use std::{
    future::poll_fn,
    panic::AssertUnwindSafe,
    task::{Context, Poll},
    time::Duration,
};

/// How long a client has to take note of a close when nothing more can be read from it. It waits as
/// long for the end of the connection.
const LINGER: Duration = Duration::from_millis(250);

impl<H: ChannelHandler> Socket<H> {
    /// Ends all topics, says goodbye, and tells the handler when all is over.
    pub(super) async fn wind_up<T: Transport>(mut self, transport: T, end: End) {
        self.watch.ended(end.code());
        self.alarm.disarm();
        if matches!(end, End::Close(CloseCode::Restart)) && self.connection.is_retiring() {
            // They have had their time.
            self.slots.abort_all();
        }
        self.end_topics();
        // The client should not wait for handlers that take their time.
        let patience = end.patience(self.config.close_timeout);
        let closing = close(transport, end, self.alarm.delay(patience));
        join(closing, poll_fn(|cx| self.poll_remaining_calls(cx))).await;
        tell_disconnected(&*self.party.handler, &self.connection).await;
    }

    fn poll_remaining_calls(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_calls(cx);
        while let Poll::Ready(now) = self.alarm.poll(cx) {
            self.time_out_calls(now);
            let next = self.next_timeout();
            let next = next.map_or(self.config.idle_timeout, |next| {
                next.saturating_duration_since(now)
            });
            self.alarm.set(now, next);
            self.poll_calls(cx);
        }
        if self.slots.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl End {
    /// What this side closes with, if it does.
    fn code(self) -> Option<CloseCode> {
        match self {
            Self::Gone => None,
            Self::Close(code) => Some(code),
        }
    }

    fn patience(self, close_timeout: Duration) -> Duration {
        match self {
            Self::Close(code) if code.is_violation() => close_timeout.min(LINGER),
            _ => close_timeout,
        }
    }
}

async fn tell_disconnected<H: ChannelHandler>(handler: &H, connection: &Connection) {
    let told = async {
        let conn = ChannelConn::disconnected(connection);
        handler.disconnect(conn).await;
    };
    if call::catch(AssertUnwindSafe(told)).await.is_err() {
        log::error!("a `disconnect` handler panicked");
    }
}

/// Says goodbye where this side ends the connection, and gives the client a while to hear it.
async fn close<T: Transport>(mut transport: T, end: End, mut timeout: BoxFuture<'static, ()>) {
    let code = match end {
        // The transport has finished the closing handshake that the client began.
        End::Gone => return,
        End::Close(code) => code,
    };
    transport.close(code);
    let mut flushed = false;
    poll_fn(|cx| {
        if timeout.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        if !flushed {
            match transport.poll_flush(cx) {
                Poll::Ready(Ok(())) => flushed = true,
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Pending => {}
            }
        }
        // A socket that is dropped with unread input takes the close frame with it. So what comes is
        // read until the client has closed, too; after a violation nothing can be read any more, and
        // what helps is to wait.
        let mut gone = false;
        while !gone {
            match transport.poll_receive(cx) {
                Poll::Ready(received) => gone = matches!(received, Received::Gone),
                Poll::Pending if transport.is_unasked() => {}
                Poll::Pending => break,
            }
        }
        if flushed && gone && !code.is_violation() {
            return Poll::Ready(());
        }
        Poll::Pending
    })
    .await;
}
