//! The sources of the crates: ten channels of twenty handlers each.

use std::fmt::Write;

const CHANNELS: usize = 10;
const EVENTS: usize = 17;

/// How long the sources are.
pub(crate) struct Lines {
    pub(crate) by_hand: usize,
    pub(crate) declared: usize,
}

pub(crate) fn lines() -> Lines {
    Lines {
        by_hand: of("by_hand").lines().count(),
        declared: of("declared").lines().count(),
    }
}

/// The source of one of the crates.
pub(crate) fn of(name: &str) -> String {
    let mut source = String::from("#![allow(dead_code, clippy::all)]\n");
    for number in 0..CHANNELS {
        match name {
            "declared" => declared(&mut source, number),
            "by_hand" => by_hand(&mut source, number),
            _ => {}
        }
    }
    source
}

/// What the handlers of both crates take and give.
fn types(source: &mut String, channel: usize) {
    write!(
        source,
        "
pub mod channel{channel} {{
    use phx_channels::*;

    #[derive(serde::Deserialize)]
    pub struct Message {{
        pub id: u32,
        pub body: String,
    }}

    #[derive(serde::Serialize)]
    pub struct Answer {{
        pub id: u32,
    }}

    pub struct Channel;
"
    )
    .unwrap();
}

/// The methods, which are the same on both sides but for the attributes.
fn methods(source: &mut String, channel: usize, attributes: bool) {
    let attribute = |source: &mut String, text: &str| {
        if attributes {
            writeln!(source, "        {text}").unwrap();
        }
    };
    attribute(source, &format!("#[join(\"channel{channel}:{{room}}\")]"));
    source.push_str(
        "        async fn join(&self, room: &str) -> Result<String, &'static str> {
            if room == \"closed\" { Err(\"closed\") } else { Ok(room.to_owned()) }
        }\n",
    );
    attribute(
        source,
        &format!("#[join(\"channel{channel}:{{room}}:seats:{{seat}}\")]"),
    );
    source.push_str(
        "        async fn sit(&self, room: &str, seat: u32) -> Result<Answer, String> {
            if seat > 10 { Err(format!(\"no seat {seat} in {room}\")) } else { Ok(Answer { id: seat }) }
        }\n",
    );
    for event in 0..EVENTS {
        attribute(
            source,
            &format!("#[on(\"channel{channel}:{{room}}\", \"event{event}\")]"),
        );
        write!(
            source,
            "        async fn event{event}(&self, room: &str, message: Message) -> Result<Answer, String> {{
            if message.body.is_empty() {{ Err(room.to_owned()) }} else {{ Ok(Answer {{ id: message.id }}) }}
        }}\n"
        )
        .unwrap();
    }
    attribute(source, &format!("#[leave(\"channel{channel}:{{room}}\")]"));
    source.push_str(
        "        async fn left(&self, room: &str, conn: ChannelConn<'_>) {
            conn.broadcast((conn.topic(), \"left\", std::collections::BTreeMap::from([(\"room\", room)])));
        }\n",
    );
}

fn declared(source: &mut String, channel: usize) {
    types(source, channel);
    source.push_str("\n    #[channel]\n    impl Channel {\n");
    methods(source, channel, true);
    source.push_str("    }\n}\n");
}

fn by_hand(source: &mut String, channel: usize) {
    types(source, channel);
    source.push_str("\n    impl Channel {\n");
    methods(source, channel, false);
    write!(
        source,
        "    }}

    fn parts(topic: &str) -> Option<(&str, Option<u32>)> {{
        let mut parts = topic.split(':');
        match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {{
            (Some(\"channel{channel}\"), Some(room), None, None, None) => Some((room, None)),
            (Some(\"channel{channel}\"), Some(room), Some(\"seats\"), Some(seat), None) => {{
                Some((room, Some(seat.parse().ok()?)))
            }}
            _ => None,
        }}
    }}

    fn decode(conn: ChannelConn<'_>, event: &ChannelEvent) -> Option<Message> {{
        match event.payload().decode() {{
            Ok(message) => Some(message),
            Err(error) => {{
                conn.reply(event, &Reply::error(&error.to_string()));
                None
            }}
        }}
    }}

    #[async_trait]
    impl ChannelHandler for Channel {{
        async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {{
            match parts(conn.topic()) {{
                Some((room, None)) => match self.join(room).await {{
                    Ok(answer) => conn.allow_join(&event, &answer).await,
                    Err(reason) => conn.refuse_join(&event, reason).await,
                }},
                Some((room, Some(seat))) => match self.sit(room, seat).await {{
                    Ok(answer) => conn.allow_join(&event, &answer).await,
                    Err(reason) => conn.refuse_join(&event, &reason).await,
                }},
                None => {{}}
            }}
        }}

        async fn leave_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {{
            conn.allow_leave(&event, &()).await;
            if let Some((room, None)) = parts(conn.topic()) {{
                self.left(room, conn).await;
            }}
        }}

        async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {{
            let Some((room, None)) = parts(conn.topic()) else {{
                return conn.reply_error(&event, \"unmatched event\").await;
            }};
            match event.event() {{
"
    )
    .unwrap();
    for event in 0..EVENTS {
        write!(
            source,
            "                \"event{event}\" => {{
                    let Some(message) = decode(conn, &event) else {{ return }};
                    match self.event{event}(room, message).await {{
                        Ok(answer) => conn.reply_ok(&event, &answer).await,
                        Err(reason) => conn.reply_error(&event, &reason).await,
                    }}
                }}\n"
        )
        .unwrap();
    }
    source.push_str(
        "                _ => conn.reply_error(&event, \"unmatched event\").await,
            }
        }
    }
}\n",
    );
}
