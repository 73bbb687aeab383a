//! The end of a connection.

use super::{End, Socket, call, outgoing::WRITE_CHUNK, turn::Turn};
use crate::{
    close::CloseCode,
    conn::ChannelConn,
    handler::ChannelHandler,
    socket::Connection,
    transport::{Received, Transport},
    watch,
    wire::Frame,
};
use futures_util::future::{BoxFuture, join};
use std::{
    future::poll_fn,
    io, iter,
    panic::AssertUnwindSafe,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

/// How long a client has to take note of a close when nothing more can be read from it. It waits as
/// long for the end of the connection.
const LINGER: Duration = Duration::from_millis(250);

impl<H: ChannelHandler> Socket<H> {
    /// Ends all topics, says goodbye, and tells the handler when all is over.
    pub(super) async fn wind_up<T, L>(mut self, transport: T, left: L, end: End)
    where
        T: Transport,
        L: Iterator<Item = Frame>,
    {
        self.watch.ended(end.code());
        self.alarm.disarm();
        if matches!(end, End::Close(CloseCode::Restart)) && self.connection.is_retiring() {
            // They have had their time.
            self.slots.abort_all();
        }
        self.end_topics();
        // The client should not wait for handlers that take their time.
        let patience = end.patience(self.config.close_timeout);
        let connection = Arc::clone(&self.connection);
        let goodbye = end.code().map(|code| Goodbye {
            transport,
            watch: connection.watch(),
            left,
            code,
            said: false,
            written: false,
        });
        let closing = close(goodbye, self.alarm.delay(patience));
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
async fn close<T: Transport, L: Iterator<Item = Frame>>(
    // None if the transport has finished the closing handshake that the client began.
    goodbye: Option<Goodbye<'_, T, L>>,
    mut timeout: BoxFuture<'static, ()>,
) {
    let Some(mut goodbye) = goodbye else {
        return;
    };
    goodbye.say_more();
    poll_fn(|cx| {
        if timeout.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        goodbye.poll(cx)
    })
    .await;
}

/// What is said to a client before its connection ends.
struct Goodbye<'a, T, L> {
    transport: T,
    watch: &'a watch::Hub,
    /// What comes before the close.
    left: L,
    code: CloseCode,
    /// The transport has been given the close, and all before it.
    said: bool,
    /// The transport has written it.
    written: bool,
}

impl<T: Transport, L: Iterator<Item = Frame>> Goodbye<'_, T, L> {
    /// Ready when the client has taken note, or is gone.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.written
            && let Poll::Ready(written) = self.poll_write(cx)
        {
            if written.is_err() {
                return Poll::Ready(());
            }
            self.written = true;
        }
        let is_gone = self.poll_read(cx).is_ready();
        if self.written && is_gone && !self.code.is_violation() {
            return Poll::Ready(());
        }
        Poll::Pending
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.transport.poll_flush(cx))?;
            if self.said {
                return Poll::Ready(Ok(()));
            }
            self.say_more();
        }
    }

    /// Gives the transport the next frames, up to about a chunk, or else the close.
    fn say_more(&mut self) {
        let mut room = WRITE_CHUNK;
        let mut chunk = iter::from_fn(|| {
            let frame = (room > 0).then(|| self.left.next())??;
            room = room.saturating_sub(frame.len().max(1));
            Some(frame)
        });
        self.transport.send(&mut self.watch.sending(&mut chunk));
        if room > 0 {
            self.transport.close(self.code);
            self.said = true;
        }
    }

    /// Throws away what comes, and is ready when nothing more will. A socket that is dropped with unread input takes the
    /// close frame with it, so that what comes is read until the client has closed, too; after a violation nothing can be
    /// read any more, and what helps is to wait.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut turn = Turn::new();
        while !turn.is_over() {
            if self.transport.is_backed_up() {
                return Poll::Pending;
            }
            turn.count();
            match self.transport.poll_receive(cx) {
                Poll::Ready(Received::Gone) => return Poll::Ready(()),
                Poll::Ready(Received::Frame(frame)) => turn.count_bytes(frame.len()),
                Poll::Ready(_) => {}
                Poll::Pending if self.transport.is_unasked() => {}
                Poll::Pending => return Poll::Pending,
            }
        }
        // There may be more, but other tasks want their turn as well.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
