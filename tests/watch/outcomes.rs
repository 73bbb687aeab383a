//! All that may become of a join and of an event, for those who look at what is told of it.

use crate::app::{Rooms, SECOND, ann, app, joined};
use phx_channels::{Config, Rate, testing::TestApp};
use serde_json::json;

/// Joins that end in every way, one after the other.
pub(crate) async fn of_joins() -> TestApp<Rooms> {
    let config = Config::new()
        .max_topics(1)
        .max_name_length(20)
        .handler_timeout(5 * SECOND)
        .join_rate(Rate::per_minute(1).burst(7));
    let app = app(config);
    let mut client = ann(&app).await.unwrap();
    for (topic, wish) in [
        ("nowhere", json!(null)),
        ("rooms:lobby", json!("no")),
        ("rooms:lobby", json!("panic")),
        ("rooms:lobby", json!(7)),
    ] {
        client.join(topic, wish).await.unwrap_error();
    }
    let slow = client.start_join("rooms:lobby", "slow");
    app.advance(5 * SECOND);
    client.reply(&slow).await.unwrap_error();
    client.join("rooms:1", json!(null)).await.unwrap_ok();
    // There is no room for this one, and then the rate is used up.
    client.join("rooms:2", json!(null)).await.unwrap_error();
    client.join("rooms:3", json!(null)).await.unwrap_error();
    let long = "long".repeat(6);
    client.join(&long, json!(null)).await.unwrap_error();
    app
}

/// The same of events.
pub(crate) async fn of_events() -> TestApp<Rooms> {
    const TOPIC: &str = "rooms:lobby";
    let app = app(Config::new().handler_timeout(5 * SECOND));
    let mut client = joined(&app, &[TOPIC]).await;
    client.call(TOPIC, "number", 1).await.unwrap_ok();
    client.call(TOPIC, "number", 0).await.unwrap_error();
    client.call(TOPIC, "number", "many").await.unwrap_error();
    client.call(TOPIC, "made-up", 0).await.unwrap_error();
    client.call(TOPIC, "seldom", json!({})).await.unwrap_ok();
    client.call(TOPIC, "seldom", json!({})).await.unwrap_error();
    let slow = client.push(TOPIC, "slow", json!({}));
    app.advance(5 * SECOND);
    client.reply(&slow).await.unwrap_error();
    client.push(TOPIC, "slow", json!({}));
    app.settle();
    // Cuts that off.
    client.join(TOPIC, json!(null)).await.unwrap_ok();
    client.push(TOPIC, "panic", json!({}));
    client.event(TOPIC, "phx_error").await;
    app
}
