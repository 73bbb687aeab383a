use super::{
    Connection, JoinedTopic, Message, discard,
    queue::Queue,
    slot::{Input, Running},
};
use crate::{
    conn::ChannelConn, handler::ChannelHandler, message::reference::Reference, reply::Stop, watch,
    wire::Frame,
};
use futures_util::{
    FutureExt, Stream,
    future::{AbortHandle, Abortable, BoxFuture, abortable, pending, ready},
    stream::FuturesUnordered,
};
use std::{
    mem,
    panic::{AssertUnwindSafe, UnwindSafe},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

/// The handler calls of a connection that are under way: one for each topic at the most.
pub(super) struct Calls {
    /// Not polled yet. Most calls have nothing to wait for, and need no more account than this.
    fresh: Queue<Fresh>,
    /// How many of these are joins.
    fresh_joins: usize,
    /// Bytes of the answers among these.
    answers: usize,
    waiting: FuturesUnordered<Waiting>,
}

enum Fresh {
    Call(Call),
    /// What the socket itself has to say, in the order in which it was asked.
    Own(Own),
}

/// An answer that needs no handler.
pub(super) enum Own {
    Answer(Frame),
    /// A join that no route leads to.
    Unmatched(Arc<JoinedTopic>),
}

/// Whose calls they are. The handler is all connections' and this only one's, so that the processors
/// do not contend for the count of the references to it with each call.
pub(super) struct Party<H> {
    pub(super) handler: Arc<H>,
    pub(super) connection: Arc<Connection>,
}

struct Call {
    joined: Arc<JoinedTopic>,
    is_join: bool,
    /// The `ref` of what it is to answer.
    asked: Option<Reference>,
    /// None once it is aborted.
    work: Option<Work>,
}

struct Waiting {
    joined: Arc<JoinedTopic>,
    work: Abortable<Work>,
}

/// A handler method, or a task of a topic.
pub(super) struct Work(BoxFuture<'static, Result<(), Panicked>>);

/// What has become of a call.
pub(super) enum Progress {
    Finished(Arc<JoinedTopic>, Outcome),
    /// It waits for something, and can be cut off with this; the `ref` is of what it is to answer.
    Waits(Arc<JoinedTopic>, AbortHandle, Option<Reference>),
    /// It is a join for which there is no room.
    NoRoom(Arc<JoinedTopic>),
    /// It is no call: its turn has come.
    Own(Own),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Returned,
    Panicked,
    /// Cut off by a second join of the topic, or because it took too long.
    Aborted,
}

/// A handler panicked. The panic hook has said how.
#[derive(Debug)]
pub(super) struct Panicked;

impl Calls {
    pub(super) fn new() -> Self {
        Self {
            fresh: Queue::new(),
            fresh_joins: 0,
            answers: 0,
            waiting: FuturesUnordered::new(),
        }
    }

    /// Starts the handler method that is there for this input.
    pub(super) fn start<H: ChannelHandler>(
        &mut self,
        party: &Arc<Party<H>>,
        joined: Arc<JoinedTopic>,
        input: Input,
    ) {
        let (party, target) = (Arc::clone(party), Arc::clone(&joined));
        let asked = input.reference().cloned();
        let is_join = matches!(input, Input::Join(_));
        self.fresh_joins += usize::from(is_join);
        let (running, content) = (input.running(), input.content());
        let watch = watch::Call::new(&party.connection, &joined, running, content);
        let call = async move { party.handle(&target, input).await };
        self.fresh.push_back(Fresh::Call(Call {
            joined,
            is_join,
            asked,
            work: Some(Work(Box::pin(watch.around(catch(AssertUnwindSafe(call)))))),
        }));
    }

    /// Lets an answer wait for its turn: the calls before it may answer, too.
    pub(super) fn queue(&mut self, own: Own) {
        self.answers += own.size();
        self.fresh.push_back(Fresh::Own(own));
    }

    /// Cuts off the call of an instance, if it does not wait yet.
    pub(super) fn abort_fresh(&mut self, joined: &Arc<JoinedTopic>) {
        for fresh in self.fresh.iter_mut() {
            if let Fresh::Call(call) = fresh
                && Arc::ptr_eq(&call.joined, joined)
            {
                call.work = None;
            }
        }
    }

    /// Whether no call is under way, and nothing waits for its turn.
    pub(super) fn are_none(&self) -> bool {
        self.fresh.is_empty() && self.waiting.is_empty()
    }

    /// Bytes of the answers that wait for their turn.
    pub(super) fn answers(&self) -> usize {
        self.answers
    }

    /// Whether a call has not been polled yet.
    pub(super) fn are_fresh(&self) -> bool {
        !self.fresh.is_empty()
    }

    /// Whether a join has room is asked when its turn has come, with the number of the joins whose turn has not: those
    /// before it may be refused.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        has_room: impl Fn(usize) -> bool,
    ) -> Poll<Option<Progress>> {
        match self.fresh.pop_front() {
            Some(Fresh::Call(call)) => {
                let has_room = !call.is_join || has_room(self.fresh_joins);
                self.fresh_joins -= usize::from(call.is_join);
                if has_room {
                    return Poll::Ready(Some(self.poll_fresh(call, cx)));
                }
                call.joined.watch.no_room();
                return Poll::Ready(Some(Progress::NoRoom(call.joined)));
            }
            Some(Fresh::Own(own)) => {
                self.answers -= own.size();
                return Poll::Ready(Some(Progress::Own(own)));
            }
            // Asking costs something even then.
            None if self.waiting.is_empty() => return Poll::Ready(None),
            None => {}
        }
        Pin::new(&mut self.waiting)
            .poll_next(cx)
            .map(|finished| finished.map(|(joined, outcome)| Progress::Finished(joined, outcome)))
    }

    fn poll_fresh(&mut self, call: Call, cx: &mut Context<'_>) -> Progress {
        let Call {
            joined,
            asked,
            work,
            ..
        } = call;
        let Some(mut work) = work else {
            return Progress::Finished(joined, Outcome::Aborted);
        };
        if let Poll::Ready(result) = work.poll_unpin(cx) {
            return Progress::Finished(joined, Outcome::from(result));
        }
        // Polled once more as one of those that wait, it leaves a waker of its own.
        let (work, abort) = abortable(work);
        let waiting = Waiting {
            joined: Arc::clone(&joined),
            work,
        };
        self.waiting.push(waiting);
        Progress::Waits(joined, abort, asked)
    }
}

impl Own {
    fn size(&self) -> usize {
        match self {
            Self::Answer(frame) => frame.len(),
            Self::Unmatched(joined) => joined.size_of_names(),
        }
    }
}

impl Future for Waiting {
    type Output = (Arc<JoinedTopic>, Outcome);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let result = ready!(self.work.poll_unpin(cx));
        let outcome = result.map_or(Outcome::Aborted, Outcome::from);
        Poll::Ready((Arc::clone(&self.joined), outcome))
    }
}

impl Work {
    pub(super) fn new(future: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(Box::pin(catch(AssertUnwindSafe(future))))
    }
}

impl Future for Work {
    type Output = Result<(), Panicked>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx)
    }
}

/// A handler that is cut off still holds something.
impl Drop for Work {
    fn drop(&mut self) {
        discard(mem::replace(&mut self.0, Box::pin(pending())));
    }
}

impl From<Result<(), Panicked>> for Outcome {
    fn from(result: Result<(), Panicked>) -> Self {
        match result {
            Ok(()) => Self::Returned,
            Err(Panicked) => Self::Panicked,
        }
    }
}

impl<H: ChannelHandler> Party<H> {
    /// Calls the handler method for an input. Not an `async fn`, which would keep the input beside what the method
    /// makes of it.
    fn handle<'a>(&'a self, joined: &'a Arc<JoinedTopic>, input: Input) -> BoxFuture<'a, ()> {
        let Self {
            handler,
            connection,
        } = self;
        let conn = |running| ChannelConn::in_topic(connection, joined, running);
        match input {
            Input::Join(event) => handler.join_channel(conn(Running::Join), event),
            Input::Event(event) => handler.incoming_message(conn(Running::Event), event),
            Input::Letter(letter) => match letter.open() {
                Message::Out(event) => handler.handle_out(conn(Running::Letter), event),
                Message::Info(info) => handler.handle_info(conn(Running::Letter), info),
                Message::TaskPanicked => {
                    joined.stop(Stop::Fail);
                    Box::pin(ready(()))
                }
            },
            Input::End(reason, event) => {
                let conn = conn(Running::End(reason));
                handler.leave_channel(conn, event)
            }
        }
    }
}

/// Not an `async fn` either: each call in memory would be twice as large.
pub(super) fn catch<F: Future + UnwindSafe>(
    future: F,
) -> impl Future<Output = Result<F::Output, Panicked>> {
    let caught = future.catch_unwind();
    caught.map(|result| result.map_err(|_| Panicked))
}
