use super::{meters, spans};
use crate::{
    message::event::ChannelEvent,
    socket::{self, JoinedTopic, Phase, Running},
    watch::JoinRefusal,
};
use smol_str::SmolStr;
use spans::Span;
use std::{sync::Arc, time::Instant};

/// A call of a handler. One that is dropped before its end was cut off.
pub(crate) struct Call {
    connection: Arc<socket::Connection>,
    joined: Arc<JoinedTopic>,
    /// The attribute of the method that is called.
    handler: &'static str,
    /// What a client has sent, or what is intercepted.
    event: SmolStr,
    span: Span,
    /// When the handler began to run, if somebody wants to know.
    since: Option<Instant>,
    ended: bool,
}

/// How a call has come to its end.
#[derive(Clone, Copy)]
enum Outcome {
    Returned,
    Panicked,
    CutOff,
}

impl Call {
    /// A call that is to be made; what for, `event` says where it is an event.
    pub(crate) fn new(
        connection: &Arc<socket::Connection>,
        joined: &Arc<JoinedTopic>,
        running: Running,
        event: Option<&ChannelEvent>,
    ) -> Self {
        let handler = match (running, event) {
            (Running::Join, _) => "join",
            (Running::Event, _) => "on",
            (Running::Letter, Some(_)) => "intercept",
            (Running::Letter, None) => "info",
            (Running::End(_), _) => "leave",
        };
        joined.watch.begin(running);
        Self {
            connection: Arc::clone(connection),
            joined: Arc::clone(joined),
            handler,
            event: event.map(|event| event.event.clone()).unwrap_or_default(),
            span: spans::handler(handler, &joined.topic, event, &connection.config.payloads),
            since: None,
            ended: false,
        }
    }

    /// Lets the handler run, in its span.
    pub(crate) async fn around<T, E>(
        mut self,
        handler: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.since = (meters::TIMED || self.span.is_on()).then(Instant::now);
        let result = self.span.clone().around(handler).await;
        self.end(
            result
                .as_ref()
                .map_or(Outcome::Panicked, |_| Outcome::Returned),
        );
        result
    }

    fn end(&mut self, outcome: Outcome) {
        self.ended = true;
        let took = self.since.map(|since| since.elapsed());
        let watch = &self.joined.watch;
        let (outcome, reason) = match self.handler {
            "join" => self.joined_or_not(outcome),
            _ => (self.outcome(outcome), None),
        };
        let route = watch.route(&self.joined.routes, self.handler, &self.event);
        self.span.route(&route);
        self.span.close(outcome, reason, took);
        let meters = &self.connection.watch().meters;
        meters.handled(&route, outcome, took);
    }

    fn outcome(&self, outcome: Outcome) -> &'static str {
        let failure = self.joined.watch.failure();
        match outcome {
            Outcome::Returned => failure.unwrap_or("ok"),
            Outcome::Panicked => "panicked",
            Outcome::CutOff => failure.filter(|it| *it == "timed_out").unwrap_or("aborted"),
        }
    }

    /// What has become of a join, and why it was refused if it was.
    fn joined_or_not(&self, outcome: Outcome) -> (&'static str, Option<&'static str>) {
        let watch = &self.joined.watch;
        let undecided = self.joined.phase() == Phase::Joining;
        match outcome {
            Outcome::Panicked => ("panicked", None),
            Outcome::Returned if undecided => {
                let unmatched = super::labels::join(JoinRefusal::Unmatched);
                ("refused", Some(watch.refuse_as(unmatched)))
            }
            // It is refused for this, soon.
            Outcome::CutOff if undecided => ("refused", Some(watch.refuse_as("aborted"))),
            Outcome::Returned | Outcome::CutOff => match watch.refusal() {
                Some(reason) => ("refused", Some(reason)),
                None => (self.outcome(outcome), None),
            },
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.ended {
            self.end(Outcome::CutOff);
        }
    }
}
