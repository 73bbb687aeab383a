use super::{
    Connection, JoinedTopic, Message,
    slot::{Input, Running},
};
use crate::{ChannelConn, ChannelHandler};
use futures_util::{
    FutureExt, Stream,
    future::{AbortHandle, BoxFuture, abortable},
    stream::FuturesUnordered,
};
use std::{
    panic::{AssertUnwindSafe, UnwindSafe},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

/// The handler calls of a connection that are under way: one for each topic at the most.
#[derive(Default)]
pub(super) struct Calls {
    running: FuturesUnordered<BoxFuture<'static, Finished>>,
}

/// A handler call that came to its end.
pub(super) struct Finished {
    pub(super) joined: Arc<JoinedTopic>,
    pub(super) outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Returned,
    Panicked,
    /// Cut off by a second join of the topic.
    Aborted,
}

/// A handler panicked. The panic hook has said how.
#[derive(Debug)]
pub(super) struct Panicked;

impl Calls {
    /// Starts the handler method that is there for this input.
    pub(super) fn start<H: ChannelHandler>(
        &mut self,
        handler: &Arc<H>,
        connection: &Arc<Connection>,
        joined: &Arc<JoinedTopic>,
        input: Input,
    ) -> AbortHandle {
        let (handler, connection) = (Arc::clone(handler), Arc::clone(connection));
        let joined = Arc::clone(joined);
        let target = Arc::clone(&joined);
        let call = async move { handle(&*handler, &connection, &target, input).await };
        let (call, abort) = abortable(catch(AssertUnwindSafe(call)));
        self.running.push(Box::pin(async move {
            let outcome = match call.await {
                Ok(Ok(())) => Outcome::Returned,
                Ok(Err(Panicked)) => Outcome::Panicked,
                Err(_) => Outcome::Aborted,
            };
            Finished { joined, outcome }
        }));
        abort
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Finished>> {
        Pin::new(&mut self.running).poll_next(cx)
    }
}

async fn handle<H: ChannelHandler>(
    handler: &H,
    connection: &Arc<Connection>,
    joined: &Arc<JoinedTopic>,
    input: Input,
) {
    let conn = |running| ChannelConn::in_topic(connection, joined, running);
    match input {
        Input::Join(event) => handler.join_channel(conn(Running::Join), event).await,
        Input::Event(event) => handler.incoming_message(conn(Running::Event), event).await,
        Input::Letter(letter) => match letter.open() {
            Message::Out(event) => handler.handle_out(conn(Running::Letter), event).await,
            Message::Info(info) => handler.handle_info(conn(Running::Letter), info).await,
        },
        Input::End(reason, event) => {
            let conn = conn(Running::End(reason));
            handler.leave_channel(conn, event).await;
        }
    }
}

pub(super) async fn catch<F: Future + UnwindSafe>(future: F) -> Result<F::Output, Panicked> {
    future.catch_unwind().await.map_err(|_| Panicked)
}
