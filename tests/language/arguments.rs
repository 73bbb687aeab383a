use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, ChannelEvent, FromEvent, Payload, channel,
    testing::{TestApp, TestClient},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

struct Arguments;

#[derive(Deserialize, Serialize)]
struct Point {
    x: i64,
    y: i64,
}

#[derive(Deserialize, Serialize)]
struct Shape {
    name: String,
    points: Vec<Point>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Filter {
    tags: Vec<String>,
    limit: Option<u32>,
}

type Alias = Shape;

/// An extractor of the user's own, which rejects events without a secret. It is one also where it could
/// be decoded.
#[derive(Deserialize)]
struct Secret(String);

#[derive(Serialize)]
struct NoSecret {
    reason: &'static str,
    hint: &'static str,
}

impl FromEvent<'_> for Secret {
    type Rejection = NoSecret;

    fn from_event(_: ChannelConn<'_>, event: &ChannelEvent) -> Result<Self, NoSecret> {
        let payload: Value = event.payload().decode().unwrap_or_default();
        match payload["secret"].as_str() {
            Some(secret) => Ok(Self(secret.to_owned())),
            None => Err(NoSecret {
                reason: "no secret",
                hint: "send one",
            }),
        }
    }
}

#[channel]
impl Arguments {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[join("strict:*")]
    async fn strict(&self, shape: Shape) -> Result<Shape, &'static str> {
        Ok(shape)
    }

    #[join("secret:*")]
    async fn secret(&self, Secret(secret): Secret) -> Result<String, &'static str> {
        Ok(secret)
    }

    #[on("rooms:*", "shape")]
    async fn shape(&self, shape: Alias) -> Result<Alias, &'static str> {
        Ok(shape)
    }

    #[on("rooms:*", "unit")]
    async fn unit(&self, (): ()) -> Result<&'static str, &'static str> {
        Ok("unit")
    }

    #[on("rooms:*", "option")]
    async fn option(&self, shape: Option<Shape>) -> Result<Option<Shape>, &'static str> {
        Ok(shape)
    }

    #[on("rooms:*", "filter")]
    async fn filter(&self, filter: Filter) -> Result<Filter, &'static str> {
        Ok(filter)
    }

    #[on("rooms:{room}", "all")]
    async fn all(
        &self,
        Point { x, mut y }: Point,
        payload: Payload,
        conn: ChannelConn<'_>,
        _: ChannelEvent,
        room: &str,
        event: ChannelEvent,
    ) -> Result<Value, &'static str> {
        y += 1;
        Ok(json!([x, y, payload, conn.topic(), room, event.event()]))
    }
}

async fn client() -> TestClient {
    let app = TestApp::new(&channel(Arguments));
    let mut client = app.connect().await.unwrap();
    client.join("rooms:1", json!({})).await.unwrap_ok();
    client
}

#[test]
fn arguments_come_in_any_order() {
    block_on(async {
        let reply = client()
            .await
            .call("rooms:1", "all", json!({"x": 1, "y": 2}))
            .await;
        assert_eq!(
            reply.unwrap_ok(),
            json!([1, 3, {"x": 1, "y": 2}, "rooms:1", "1", "all"])
        );
    });
}

#[test]
fn a_payload_that_does_not_fit_is_answered_with_the_path() {
    block_on(async {
        let mut client = client().await;
        for (payload, detail) in [
            (json!({}), "missing field `name`"),
            (json!(null), "missing field `name`"),
            (json!({"name": "a"}), "missing field `points`"),
            (
                json!({"name": 1, "points": []}),
                "name: invalid type: integer `1`, expected a string",
            ),
            (
                json!({"name": "a", "points": [{"x": 1}]}),
                "points[0]: missing field `y`",
            ),
            (
                json!({"name": "a", "points": [{"x": 1, "y": "2"}]}),
                "points[0].y: invalid type: string \"2\", expected i64",
            ),
        ] {
            let error = json!({"reason": "invalid payload", "detail": detail});
            let reply = client.call("rooms:1", "shape", &payload).await;
            assert_eq!(reply.unwrap_error(), error, "{payload}");
            // In a join it refuses the join.
            let reply = client.join("strict:1", &payload).await;
            assert_eq!(reply.unwrap_error(), error, "{payload}");
        }
        let shape = json!({"name": "a", "points": [{"x": 1, "y": 2}]});
        let reply = client.call("rooms:1", "shape", &shape).await;
        assert_eq!(reply.unwrap_ok(), shape);
        assert_eq!(client.join("strict:1", &shape).await.unwrap_ok(), shape);
    });
}

#[test]
fn j_9_null_and_the_empty_object_are_no_payload() {
    block_on(async {
        let mut client = client().await;
        for nothing in [json!(null), json!({})] {
            for (event, answer) in [
                ("unit", json!("unit")),
                ("option", json!(null)),
                ("filter", json!({"tags": [], "limit": null})),
            ] {
                let reply = client.call("rooms:1", event, &nothing).await.unwrap_ok();
                assert_eq!(reply, answer, "{event} {nothing}");
            }
        }
        client
            .call("rooms:1", "unit", json!({"x": 1}))
            .await
            .unwrap_error();
    });
}

#[test]
fn what_an_extractor_rejects_with_is_the_error_reply() {
    block_on(async {
        let mut client = client().await;
        let rejection = json!({"reason": "no secret", "hint": "send one"});
        assert_eq!(
            client.join("secret:1", json!({})).await.unwrap_error(),
            rejection
        );
        let accepted = client.join("secret:1", json!({"secret": "s"})).await;
        assert_eq!(accepted.unwrap_ok(), json!("s"));
    });
}
