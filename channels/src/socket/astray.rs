//! Events for topics that nobody can be on.

use super::{Connection, JoinedTopic};
use crate::{logging::Quoted, message::event::ChannelEvent};

impl JoinedTopic {
    /// Says so where a handler sends an event to another topic on which nobody hears it: no `#[join]` of the
    /// socket leads there, and nobody has subscribed to it. Mostly its name stands where the topic should.
    pub(crate) fn check_topic(&self, connection: &Connection, event: &ChannelEvent) {
        let (topic, name) = (event.topic(), event.event());
        let is_own = *topic == *self.topic;
        if is_own || self.routes.lead_to(topic) || connection.hub().has_topic(topic) {
            return;
        }
        let hub = connection.hub();
        if let Some(others) = hub.throttles.astray.admit(connection.session.timer.now()) {
            log::error!(
                "nobody hears event {} on topic {}, because no `#[join]` leads to such a topic: the topic comes \
                 first, `(conn.topic(), \"event\", payload)`{others}",
                Quoted(name),
                Quoted(topic)
            );
        }
    }
}
