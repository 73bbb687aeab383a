//! The same fifty routes to the same methods, written by hand.

use super::{Message, declared::Declared};
use phx_channels::{ChannelConn, ChannelEvent, ChannelHandler, Reply, async_trait};
use serde_json::json;

pub(crate) struct ByHand;

/// The payload, or the answer that it does not fit.
fn decode(conn: ChannelConn<'_>, event: &ChannelEvent) -> Option<Message> {
    let decoded = event.payload().decode();
    decoded
        .inspect_err(|error| {
            let detail = error.to_string();
            let answer = json!({"reason": "invalid payload", "detail": detail});
            conn.reply(event, &Reply::error(&answer));
        })
        .ok()
}

fn unmatched(conn: ChannelConn<'_>, event: &ChannelEvent) {
    conn.reply(event, &Reply::error("unmatched event"));
}

#[async_trait]
impl ChannelHandler for ByHand {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.allow_join(&event, &()).await;
    }

    #[allow(clippy::too_many_lines, reason = "one match, as one writes it")]
    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        let mut segments = conn.topic().split(':');
        let mut next = || segments.next();
        match (next(), next(), next(), next(), next(), next()) {
            (Some("rooms"), Some(room), None, None, None, None) => match event.event() {
                "new" => {
                    if let Some(message) = decode(conn, &event) {
                        Declared.room_new(room, message).await;
                    }
                }
                "edit" => {
                    if let Some(message) = decode(conn, &event) {
                        Declared.room_edit(room, message).await;
                    }
                }
                "read" => {
                    if let Some(message) = decode(conn, &event) {
                        Declared.room_read(room, message).await;
                    }
                }
                "move" => {
                    if let Some(message) = decode(conn, &event) {
                        Declared.room_move(room, message).await;
                    }
                }
                "drop" => {
                    if let Some(message) = decode(conn, &event) {
                        Declared.room_drop(room, message).await;
                    }
                }
                _ => unmatched(conn, &event),
            },
            (Some("rooms"), Some(room), Some("members"), Some(member), None, None) => {
                let Ok(member) = member.parse() else {
                    return unmatched(conn, &event);
                };
                match event.event() {
                    "new" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.member_new(room, member, message).await;
                        }
                    }
                    "edit" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.member_edit(room, member, message).await;
                        }
                    }
                    "read" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.member_read(room, member, message).await;
                        }
                    }
                    "move" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.member_move(room, member, message).await;
                        }
                    }
                    "drop" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.member_drop(room, member, message).await;
                        }
                    }
                    _ => unmatched(conn, &event),
                }
            }
            (Some("games"), Some(game), None, None, None, None) => {
                let Ok(game) = game.parse() else {
                    return unmatched(conn, &event);
                };
                match event.event() {
                    "new" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.game_new(game, message).await;
                        }
                    }
                    "edit" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.game_edit(game, message).await;
                        }
                    }
                    "read" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.game_read(game, message).await;
                        }
                    }
                    "move" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.game_move(game, message).await;
                        }
                    }
                    "drop" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.game_drop(game, message).await;
                        }
                    }
                    _ => unmatched(conn, &event),
                }
            }
            (Some("games"), Some(game), Some("players"), Some(player), None, None) => {
                let Ok(game) = game.parse() else {
                    return unmatched(conn, &event);
                };
                match event.event() {
                    "new" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.player_new(game, player, message).await;
                        }
                    }
                    "edit" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.player_edit(game, player, message).await;
                        }
                    }
                    "read" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.player_read(game, player, message).await;
                        }
                    }
                    "move" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.player_move(game, player, message).await;
                        }
                    }
                    "drop" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.player_drop(game, player, message).await;
                        }
                    }
                    _ => unmatched(conn, &event),
                }
            }
            (Some("boards"), Some(board), Some("lists"), Some(list), Some("cards"), Some(card)) => {
                let (Ok(list), Ok(card)) = (list.parse(), card.parse()) else {
                    return unmatched(conn, &event);
                };
                match event.event() {
                    "new" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.card_new(board, list, card, message).await;
                        }
                    }
                    "edit" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.card_edit(board, list, card, message).await;
                        }
                    }
                    "read" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.card_read(board, list, card, message).await;
                        }
                    }
                    "move" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.card_move(board, list, card, message).await;
                        }
                    }
                    "drop" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.card_drop(board, list, card, message).await;
                        }
                    }
                    _ => unmatched(conn, &event),
                }
            }
            (Some("users"), Some(user), None, None, None, None) => {
                let Ok(user) = user.parse() else {
                    return unmatched(conn, &event);
                };
                match event.event() {
                    "new" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.user_new(user, message).await;
                        }
                    }
                    "edit" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.user_edit(user, message).await;
                        }
                    }
                    "read" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.user_read(user, message).await;
                        }
                    }
                    "move" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.user_move(user, message).await;
                        }
                    }
                    "drop" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.user_drop(user, message).await;
                        }
                    }
                    _ => unmatched(conn, &event),
                }
            }
            (Some("users"), Some(user), Some("inbox"), None, None, None) => {
                let Ok(user) = user.parse() else {
                    return unmatched(conn, &event);
                };
                match event.event() {
                    "new" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.inbox_new(user, message).await;
                        }
                    }
                    "edit" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.inbox_edit(user, message).await;
                        }
                    }
                    "read" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.inbox_read(user, message).await;
                        }
                    }
                    "move" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.inbox_move(user, message).await;
                        }
                    }
                    "drop" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.inbox_drop(user, message).await;
                        }
                    }
                    _ => unmatched(conn, &event),
                }
            }
            (Some("shops"), Some(shop), Some("orders"), Some(order), None, None) => {
                let Ok(order) = order.parse() else {
                    return unmatched(conn, &event);
                };
                match event.event() {
                    "new" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.order_new(shop, order, message).await;
                        }
                    }
                    "edit" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.order_edit(shop, order, message).await;
                        }
                    }
                    "read" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.order_read(shop, order, message).await;
                        }
                    }
                    "move" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.order_move(shop, order, message).await;
                        }
                    }
                    "drop" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.order_drop(shop, order, message).await;
                        }
                    }
                    _ => unmatched(conn, &event),
                }
            }
            (Some("feeds"), Some(feed), Some(day), None, None, None) => {
                let Ok(day) = day.parse() else {
                    return unmatched(conn, &event);
                };
                match event.event() {
                    "new" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.feed_new(feed, day, message).await;
                        }
                    }
                    "edit" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.feed_edit(feed, day, message).await;
                        }
                    }
                    "read" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.feed_read(feed, day, message).await;
                        }
                    }
                    "move" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.feed_move(feed, day, message).await;
                        }
                    }
                    "drop" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.feed_drop(feed, day, message).await;
                        }
                    }
                    _ => unmatched(conn, &event),
                }
            }
            (Some("docs"), Some(doc), Some("cursors"), Some(user), None, None) => {
                match event.event() {
                    "new" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.cursor_new(doc, user, message).await;
                        }
                    }
                    "edit" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.cursor_edit(doc, user, message).await;
                        }
                    }
                    "read" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.cursor_read(doc, user, message).await;
                        }
                    }
                    "move" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.cursor_move(doc, user, message).await;
                        }
                    }
                    "drop" => {
                        if let Some(message) = decode(conn, &event) {
                            Declared.cursor_drop(doc, user, message).await;
                        }
                    }
                    _ => unmatched(conn, &event),
                }
            }
            _ => unmatched(conn, &event),
        }
    }
}
