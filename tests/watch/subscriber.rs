//! Spans, as text.

use futures_lite::future::block_on;
use metrics::NoopRecorder;
use std::{
    collections::BTreeMap,
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::with_default,
};
use tracing_subscriber::{
    Layer, Registry,
    filter::LevelFilter,
    layer::{Context, SubscriberExt},
    registry::LookupSpan,
};

/// What has been heard of spans.
#[derive(Clone, Default)]
pub(crate) struct Spans(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    closed: Vec<String>,
    events: Vec<String>,
}

/// What is recorded of a span, sorted by name.
#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

/// Runs a test whose application is heard by it alone, as far as this level goes.
pub(crate) fn traced<F: Future<Output = ()>>(level: LevelFilter, test: impl FnOnce(Spans) -> F) {
    let spans = Spans::default();
    let subscriber = Registry::default().with(spans.clone().with_filter(level));
    let test = test(spans);
    with_default(subscriber, || {
        metrics::with_local_recorder(&NoopRecorder, || block_on(test));
    });
}

impl Spans {
    /// The spans of this name that have ended, in this order: the parent, the name, and all fields.
    pub(crate) fn named(&self, name: &str) -> Vec<String> {
        let heard = self.0.lock().unwrap();
        let closed = heard.closed.iter();
        let of_name = closed.filter(|span| span.split(['>', '{']).nth(1) == Some(name));
        of_name.cloned().collect()
    }

    /// All that have ended.
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().closed.clone()
    }

    /// What the application has said itself, and in which span.
    pub(crate) fn events(&self) -> Vec<String> {
        self.0.lock().unwrap().events.clone()
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        cx.span(id).unwrap().extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, cx: Context<'_, S>) {
        let span = cx.span(id).unwrap();
        let mut extensions = span.extensions_mut();
        values.record(extensions.get_mut::<Fields>().unwrap());
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let scope = cx.event_scope(event).into_iter().flatten();
        let scope: Vec<_> = scope.map(|span| span.name()).collect();
        let said = format!("{} in {}", fields.0["message"], scope.join(" in "));
        self.0.lock().unwrap().events.push(said);
    }

    fn on_close(&self, id: Id, cx: Context<'_, S>) {
        let span = cx.span(&id).unwrap();
        let metadata = span.metadata();
        assert_eq!(metadata.target(), "phx_channels");
        assert_eq!(*metadata.level(), level(metadata.name()));
        let extensions = span.extensions();
        let fields = extensions.get::<Fields>().unwrap();
        let parent = span.parent().map_or("", |parent| parent.name());
        let text = format!("{parent}>{}{{{}}}", metadata.name(), fields.text());
        self.0.lock().unwrap().closed.push(text);
    }
}

/// What each span is for people: connections and joins of interest, all else to find mistakes.
fn level(name: &str) -> Level {
    match name {
        "connect" | "connection" | "join" => Level::INFO,
        _ => Level::DEBUG,
    }
}

impl Fields {
    fn text(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.0 {
            // How long something took, no test knows.
            let value = if *name == "duration_us" { "_" } else { value };
            let space = if text.is_empty() { "" } else { " " };
            write!(text, "{space}{name}={value}").unwrap();
        }
        text
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}
