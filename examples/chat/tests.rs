use crate::{Chat, server};
use futures_lite::future::block_on;
use phx_channels::{channel, testing::TestApp};
use serde_json::json;
use std::{
    error::Error,
    io::{Read, Write},
    net::TcpStream,
};

/// There is no phoenix.js unless npm was run.
const PUBLIC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/chat/public");

/// What is relayed is bounded as what is joined with.
#[test]
fn names_and_messages_have_a_length() {
    block_on(async {
        let app = TestApp::new(&channel(Chat));
        let mut client = app.connect().await.expect("nobody refuses it");
        let long = "\u{e9}".repeat(41);
        let joined = client.join("rooms:lobby", json!({"user": long})).await;
        let reason = |reason| json!({"reason": reason});
        assert_eq!(joined.unwrap_error(), reason("user name too long"));
        let joined = client.join("rooms:lobby", json!({"user": "Ann"})).await;
        joined.unwrap_ok();
        client.event("rooms:lobby", "user:entered").await;
        for (user, body, refused) in [
            (long, "hi".to_owned(), Some("user name too long")),
            ("Ann".into(), "x".repeat(2_001), Some("message too long")),
            ("Ann".into(), " ".into(), Some("empty message")),
            ("Ann".into(), "\u{e9}".repeat(2_000), None),
        ] {
            let message = json!({"user": user, "body": body});
            let reply = client.call("rooms:lobby", "new:msg", message).await;
            match refused {
                Some(why) => assert_eq!(reply.unwrap_error(), reason(why)),
                None => drop(reply.unwrap_ok()),
            }
        }
    });
}

#[test]
fn the_page_loads_nothing_from_elsewhere() -> Result<(), Box<dyn Error>> {
    let config = trillium_smol::config().without_signals();
    let config = config.with_host("127.0.0.1").with_port(0);
    let handle = config.spawn(server::app(channel(Chat), PUBLIC.into()));
    let info = block_on(handle.info());
    let address = *info.tcp_socket_addr().ok_or("no address")?;
    for path in ["/", "/chat.js"] {
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        let response = response.to_lowercase();
        assert!(response.starts_with("http/1.1 200"), "{response}");
        for header in [
            "x-content-type-options: nosniff",
            "content-security-policy: default-src 'none'; script-src 'self';",
        ] {
            assert!(response.contains(header), "{header}\n{response}");
        }
    }
    handle.shut_down().block();
    Ok(())
}
