use crate::{conn::ChannelConn, limits::Rate, message::event::ChannelEvent, reply::Reply};

/// Whether an event comes more often than its method says. It is answered then, unless the client does
/// not want to know.
pub fn is_limited(conn: ChannelConn<'_>, event: &ChannelEvent, number: usize, rate: Rate) -> bool {
    let Some((connection, joined)) = conn.joined() else {
        return false;
    };
    let now = connection.session.timer.now();
    let allowance = connection.allowance(now);
    let Err(limited) = allowance.take_method(&joined.topic, number, rate, now) else {
        return false;
    };
    if event.reference().is_some() {
        conn.reply(event, &Reply::error(&limited));
    }
    joined.watch.limited();
    true
}
