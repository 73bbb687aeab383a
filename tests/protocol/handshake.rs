//! HS-1, HS-2, HS-4, HS-5, HS-7: what is decided before a client is connected.

use crate::app::{app, rooms};
use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, Config, OriginPolicy, Refused, async_trait, channel,
    testing::TestApp,
};
use serde_json::json;
use trillium::Status;

#[test]
fn hs_1_a_version_that_is_not_spoken() {
    block_on(async {
        let app = app();
        for vsn in ["3.0.0", "2", "2.1.0", ""] {
            let refused = app.connect().vsn(Some(vsn)).await.unwrap_err();
            assert_eq!(refused.status(), Status::Forbidden, "{vsn}");
        }
        assert!(app.connect().vsn(None).await.is_ok());
        // A bad version is refused before the user's connect runs.
        let connect = app.connect().vsn(Some("3.0.0")).param("token", "raise");
        assert_eq!(connect.await.unwrap_err().status(), Status::Forbidden);
        // A version that is a list is no version.
        let connect = app.connect().vsn(None).param("vsn[]", "2.0.0");
        assert_eq!(connect.await.unwrap_err().status(), Status::Forbidden);
    });
}

#[test]
fn hs_2_hs_3_refused_by_connect() {
    block_on(async {
        let app = app();
        for (token, status) in [
            ("bad", Status::Forbidden),
            ("busy", Status::TooManyRequests),
            ("raise", Status::InternalServerError),
        ] {
            let refused = app.connect().param("token", token).await.unwrap_err();
            assert_eq!(refused.status(), status, "{token}");
        }
        assert!(app.connect().param("token", "good").await.is_ok());
        assert!(app.is_idle(), "refused clients leave a task behind");
    });
}

#[test]
fn hs_4_pages_of_other_origins() {
    block_on(async {
        let app = app();
        for (origin, allowed) in [
            ("http://localhost", true),
            ("https://LOCALHOST", true),
            ("https://localhost:4000", false),
            ("https://evil.example", false),
            ("https://localhost.evil.example", false),
            ("null", false),
            ("file://", false),
            ("", false),
        ] {
            let connect = app.connect().header("origin", origin).await;
            assert_eq!(connect.is_ok(), allowed, "{origin}");
        }
        let open = Config::new().origin(OriginPolicy::Any);
        let open = TestApp::new(&channel(rooms().0).with_config(open));
        let foreign = open.connect().header("origin", "https://evil.example");
        assert!(foreign.await.is_ok());
    });
}

/// A user that a trillium handler in front of the channel has found out.
struct User(&'static str);

/// What `connect` makes of it.
struct Greeting(String);

struct Greeter;

#[async_trait]
impl ChannelHandler for Greeter {
    async fn connect(&self, conn: ChannelConn<'_>) {
        let Some(User(name)) = conn.state() else {
            return conn.refuse(Refused::with_status(Status::Unauthorized));
        };
        let language = conn
            .headers()
            .and_then(|headers| headers.get_str("x-language"));
        let greeting = if language == Some("de") {
            "hallo"
        } else {
            "hello"
        };
        conn.insert_state(Greeting(format!("{greeting} {name}")));
    }

    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        let Some(Greeting(greeting)) = conn.state() else {
            return conn.refuse_join(&event, "no greeting").await;
        };
        let response = json!({"greeting": greeting, "params": conn.params()});
        conn.allow_join(&event, &response).await;
    }
}

#[test]
fn hs_7_connect_sees_the_request_and_leaves_state() {
    block_on(async {
        let app = TestApp::new(&channel(Greeter));
        let refused = app.connect().await.unwrap_err();
        assert_eq!(refused.status(), Status::Unauthorized);

        let connect = app.connect().state(User("Ann")).header("x-language", "de");
        let mut client = connect
            .param("a[b]", "1 2")
            .param("l[]", "x")
            .await
            .unwrap();
        assert_eq!(
            client.join("any", json!({})).await.unwrap_ok(),
            json!({
                "greeting": "hallo Ann",
                "params": {"a": {"b": "1 2"}, "l": ["x"], "vsn": "2.0.0"},
            })
        );
    });
}

struct Secrets;

/// What a client has offered in its `sec-websocket-protocol` header.
struct Offer(Option<String>);

#[channel]
impl Secrets {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>) -> Result<(), Refused> {
        let headers = conn.headers().unwrap();
        let offer = headers.get_str("sec-websocket-protocol");
        conn.insert_state(Offer(offer.map(str::to_owned)));
        match conn.auth_token() {
            Some("wrong") => Err(Refused::new()),
            _ => Ok(()),
        }
    }

    #[join("secrets")]
    async fn join(&self, conn: ChannelConn<'_>) -> Result<Option<String>, ()> {
        Ok(conn.auth_token().map(str::to_owned))
    }

    #[on("secrets", "offer")]
    async fn offer(&self, conn: ChannelConn<'_>) -> Result<Option<String>, ()> {
        Ok(conn.state::<Offer>().and_then(|offer| offer.0.clone()))
    }
}

#[test]
fn hs_5_a_token_outside_of_the_url() {
    block_on(async {
        let config = Config::new().auth_token(true);
        let app = TestApp::new(&channel(Secrets).with_config(config));
        for (offer, token) in [
            (
                "phoenix, base64url.bearer.phx.c2VjcmV0L3Rva2Vu",
                json!("secret/token"),
            ),
            (
                "base64url.bearer.phx.c2VjcmV0L3Rva2Vu",
                json!("secret/token"),
            ),
            ("phoenix", json!(null)),
        ] {
            let connect = app.connect().header("sec-websocket-protocol", offer);
            let mut client = connect.await.unwrap();
            let joined = client.join("secrets", json!({})).await;
            assert_eq!(joined.unwrap_ok(), token, "{offer}");
        }
        let connect = ["other", "phoenix", "base64url.bearer.phx.YWJj"]
            .into_iter()
            .fold(app.connect(), |connect, line| {
                connect.header("sec-websocket-protocol", line)
            });
        let joined = connect.await.unwrap().join("secrets", json!({})).await;
        assert_eq!(joined.unwrap_ok(), "abc", "in three lines");
        for offer in ["other", "phoenix, base64url.bearer.phx.d3Jvbmc"] {
            let connect = app.connect().header("sec-websocket-protocol", offer);
            let refused = connect.await.unwrap_err();
            assert_eq!(refused.status(), Status::Forbidden, "{offer}");
        }
    });
}

#[test]
fn hs_5_the_client_of_tests_shows_a_token() {
    block_on(async {
        let config = Config::new().auth_token(true).subprotocols(["chat.v1"]);
        let app = TestApp::new(&channel(Secrets).with_config(config));
        for token in ["secret/token", "??>>~~ and ümlaut", ""] {
            let connect = app.connect().header("sec-websocket-protocol", "chat.v1");
            let mut client = connect.auth_token(token).await.unwrap();
            let joined = client.join("secrets", json!({})).await;
            assert_eq!(joined.unwrap_ok(), token);
            // It does not take the place of what was offered besides.
            let offer = client.call("secrets", "offer", json!({})).await.unwrap_ok();
            let offer = offer.as_str().unwrap();
            let begin = "chat.v1, phoenix, base64url.bearer.phx.";
            assert!(offer.starts_with(begin), "{offer}");
        }
        let refused = app.connect().auth_token("wrong").await.unwrap_err();
        assert_eq!(refused.status(), Status::Forbidden);
    });
}

#[test]
fn hs_5_a_token_is_not_looked_for_where_nobody_wants_one() {
    block_on(async {
        let app = TestApp::new(&channel(Secrets));
        let offer = "phoenix, base64url.bearer.phx.d3Jvbmc";
        let connect = app.connect().header("sec-websocket-protocol", offer);
        let mut client = connect.await.unwrap();
        let joined = client.join("secrets", json!({})).await;
        assert_eq!(joined.unwrap_ok(), json!(null));
    });
}
