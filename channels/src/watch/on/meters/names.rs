//! The names of the metrics, and what is said of each.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

pub(super) const CONNECTIONS: &str = "phx_channels_connections";
pub(super) const OPENED: &str = "phx_channels_connections_opened_total";
pub(super) const CLOSED: &str = "phx_channels_connections_closed_total";
pub(super) const CONNECTS_REFUSED: &str = "phx_channels_connections_refused_total";
pub(super) const JOINED_TOPICS: &str = "phx_channels_joined_topics";
pub(super) const JOINS: &str = "phx_channels_joins_total";
pub(super) const JOINS_REFUSED: &str = "phx_channels_joins_refused_total";
pub(super) const EVENTS: &str = "phx_channels_events_total";
pub(super) const EVENTS_REFUSED: &str = "phx_channels_events_refused_total";
pub(super) const HANDLER_SECONDS: &str = "phx_channels_handler_seconds";
pub(super) const RECEIVED: &str = "phx_channels_received_messages_total";
pub(super) const RECEIVED_BYTES: &str = "phx_channels_received_bytes_total";
pub(super) const MALFORMED: &str = "phx_channels_malformed_messages_total";
pub(super) const SENT: &str = "phx_channels_sent_messages_total";
pub(super) const SENT_BYTES: &str = "phx_channels_sent_bytes_total";
pub(super) const BROADCASTS: &str = "phx_channels_broadcasts_total";
pub(super) const DELIVERIES: &str = "phx_channels_deliveries_total";
pub(super) const DROPPED: &str = "phx_channels_dropped_total";
pub(super) const OVERFLOW_CLOSES: &str = "phx_channels_overflow_closes_total";

/// Tells the recorder what each metric is.
pub(super) fn describe() {
    describe_gauge!(CONNECTIONS, Unit::Count, "Clients that are connected");
    describe_gauge!(JOINED_TOPICS, Unit::Count, "Joined topics of all clients");
    describe_histogram!(
        HANDLER_SECONDS,
        Unit::Seconds,
        "Time from the start of a handler to its end"
    );
    for (name, unit, description) in COUNTERS {
        describe_counter!(name, unit, description);
    }
}

const COUNTERS: [(&str, Unit, &str); 16] = [
    (OPENED, Unit::Count, "Connections that were opened"),
    (
        CLOSED,
        Unit::Count,
        "Connections that have ended, by reason",
    ),
    (
        CONNECTS_REFUSED,
        Unit::Count,
        "Handshakes that were refused, by reason",
    ),
    (JOINS, Unit::Count, "Joins that were accepted"),
    (
        JOINS_REFUSED,
        Unit::Count,
        "Joins that were refused, by reason",
    ),
    (
        EVENTS,
        Unit::Count,
        "Events of clients that were handled, by outcome",
    ),
    (
        EVENTS_REFUSED,
        Unit::Count,
        "Events of clients that reached no topic, by reason",
    ),
    (RECEIVED, Unit::Count, "Messages from clients"),
    (
        RECEIVED_BYTES,
        Unit::Bytes,
        "Bytes of messages from clients",
    ),
    (
        MALFORMED,
        Unit::Count,
        "Messages from clients that could not be decoded",
    ),
    (SENT, Unit::Count, "Messages to clients"),
    (SENT_BYTES, Unit::Bytes, "Bytes of messages to clients"),
    (
        BROADCASTS,
        Unit::Count,
        "Broadcasts to topics that have members",
    ),
    (
        DELIVERIES,
        Unit::Count,
        "Broadcasts, counted once for each member",
    ),
    (
        DROPPED,
        Unit::Count,
        "Broadcasts that a member did not get, by policy",
    ),
    (
        OVERFLOW_CLOSES,
        Unit::Count,
        "Connections closed because something did not fit",
    ),
];
