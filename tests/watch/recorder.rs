//! Metrics, as text.

use futures_lite::future::block_on;
use metrics_util::{
    CompositeKey, MetricKind,
    debugging::{DebugValue, DebuggingRecorder, Snapshotter},
};
use std::{cell::RefCell, collections::BTreeMap, fmt::Write};
use tracing::subscriber::{NoSubscriber, with_default};

/// What has been counted.
pub(crate) struct Metrics {
    snapshotter: Snapshotter,
    /// Looking at a metric takes what is in it, so the sums are here.
    sums: RefCell<BTreeMap<String, Sum>>,
}

struct Sum {
    kind: MetricKind,
    name: String,
    labels: String,
    unit: Option<&'static str>,
    is_described: bool,
    value: f64,
}

/// Runs a test whose application counts for it alone.
pub(crate) fn counted<F: Future<Output = ()>>(test: impl FnOnce(Metrics) -> F) {
    let recorder = DebuggingRecorder::new();
    let test = test(Metrics::of_recorder(&recorder));
    with_default(NoSubscriber::new(), || {
        metrics::with_local_recorder(&recorder, || block_on(test));
    });
}

impl Metrics {
    pub(crate) fn of_recorder(recorder: &DebuggingRecorder) -> Self {
        Self {
            snapshotter: recorder.snapshotter(),
            sums: RefCell::default(),
        }
    }

    /// All that there is of a metric, each as its labels and its value, sorted. Of a histogram the
    /// value is how often something was recorded.
    pub(crate) fn of(&self, name: &str) -> Vec<String> {
        self.look();
        let sums = self.sums.borrow();
        let of_name = sums.values().filter(|sum| sum.name == name);
        of_name
            .map(|sum| format!("{}{}", sum.labels, sum.value))
            .collect()
    }

    /// All metrics: kind, name, unit and whether there is a description.
    pub(crate) fn described(&self) -> Vec<(MetricKind, String, Option<&'static str>, bool)> {
        self.look();
        let sums = self.sums.borrow();
        let described = sums
            .values()
            .map(|sum| (sum.kind, sum.name.clone(), sum.unit, sum.is_described));
        described.collect()
    }

    fn look(&self) {
        let mut sums = self.sums.borrow_mut();
        for (key, unit, description, value) in self.snapshotter.snapshot().into_vec() {
            let sum = sums.entry(text(&key)).or_insert_with(|| Sum {
                kind: key.kind(),
                name: key.key().name().to_owned(),
                labels: labels(&key),
                unit: unit.map(|unit| unit.as_str()),
                is_described: description.is_some(),
                value: 0.0,
            });
            match value {
                #[expect(clippy::cast_precision_loss, reason = "tests do not count that far")]
                DebugValue::Counter(more) => sum.value += more as f64,
                DebugValue::Gauge(more) => sum.value += *more,
                #[expect(clippy::cast_precision_loss, reason = "tests do not count that far")]
                DebugValue::Histogram(more) => sum.value += more.len() as f64,
            }
        }
    }
}

fn text(key: &CompositeKey) -> String {
    format!("{} {}", key.key().name(), labels(key))
}

fn labels(key: &CompositeKey) -> String {
    let mut text = String::new();
    for label in key.key().labels() {
        write!(text, "{}={} ", label.key(), label.value()).unwrap();
    }
    text
}
