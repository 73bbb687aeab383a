use super::labels::Route;
use crate::{
    admission::Via, message::event::ChannelEvent, socket::Session,
    watch::payload_filter::PayloadFilter, wire::Serializer,
};
use std::time::Duration;
use tracing::{Instrument, debug_span, field::Empty, info_span, instrument::Instrumented};

pub(crate) type Spanned<F> = Instrumented<F>;

/// What is recorded of payloads: nothing, unless it is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payloads(pub(crate) Option<PayloadFilter>);

#[derive(Clone)]
pub(crate) struct Span(tracing::Span);

impl Span {
    /// Lets work be in the span.
    pub(crate) fn around<F: Future>(self, work: F) -> Spanned<F> {
        work.instrument(self.0)
    }

    /// Whether anybody hears of it.
    pub(super) fn is_on(&self) -> bool {
        !self.0.is_disabled()
    }

    /// What has run, as it is declared.
    pub(super) fn route(&self, route: &Route) {
        self.0.record("pattern", route.pattern);
    }

    /// Says how it has ended. The span itself ends when all that runs in it has.
    pub(super) fn close(&self, outcome: &str, reason: Option<&str>, took: Option<Duration>) {
        self.0.record("outcome", outcome);
        if let Some(reason) = reason {
            self.0.record("reason", reason);
        }
        if let Some(took) = took {
            let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            self.0.record("duration_us", micros);
        }
    }
}

/// A handshake.
pub(super) fn connect(via: Via) -> Span {
    let transport = match via {
        Via::WebSocket => "websocket",
        Via::LongPoll => "longpoll",
    };
    Span(info_span!(
        target: "phx_channels",
        "connect",
        transport,
        outcome = Empty,
        reason = Empty,
        duration_us = Empty,
    ))
}

pub(super) fn connection(session: &Session) -> Span {
    let vsn = match session.serializer {
        Serializer::V1 => 1,
        Serializer::V2 => 2,
    };
    Span(info_span!(
        target: "phx_channels",
        "connection",
        vsn,
        socket_id = session.id.as_deref(),
        outcome = Empty,
        duration_us = Empty,
    ))
}

/// A span for a handler: its level, its name, and what there is to say of it from the beginning.
macro_rules! handler_span {
    ($span:ident, $name:literal, $topic:expr $(, $field:ident = $value:expr)?) => {
        $span!(
            target: "phx_channels",
            $name,
            topic = $topic,
            $($field = $value,)?
            pattern = Empty,
            payload = Empty,
            outcome = Empty,
            reason = Empty,
            duration_us = Empty,
        )
    };
}

/// A call of the method that this attribute declares.
pub(super) fn handler(
    handler: &str,
    topic: &str,
    event: Option<&ChannelEvent>,
    payloads: &Payloads,
) -> Span {
    let name = event.map(ChannelEvent::event);
    let span = match handler {
        "join" => handler_span!(info_span, "join", topic),
        "leave" => handler_span!(debug_span, "leave", topic),
        "info" => handler_span!(debug_span, "info", topic),
        "intercept" => handler_span!(debug_span, "intercept", topic, event = name),
        _ => handler_span!(debug_span, "event", topic, event = name),
    };
    if let (Some(filter), Some(event)) = (&payloads.0, event)
        && handler != "leave"
        && !span.is_disabled()
    {
        span.record("payload", filter.filtered(&event.payload));
    }
    Span(span)
}

/// A join that no handler is called for.
pub(super) fn refused_join(topic: Option<&str>, pattern: &str, reason: &str) {
    let span = Span(handler_span!(info_span, "join", topic));
    span.0.record("pattern", pattern);
    span.close("refused", Some(reason), None);
}
