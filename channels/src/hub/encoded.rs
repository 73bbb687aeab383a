use super::Room;
use crate::{
    logging::{Excerpt, Quoted},
    message::event::ChannelEvent,
    socket::{Broadcast, Connection},
    wire::{Content, Frame, Outbound, Serializer, Unencodable},
};
use std::sync::Arc;

/// A broadcast, encoded at most once for each serializer, and only if a member speaks it. One that a
/// serializer cannot encode is logged once, and not for each of many that clients cause.
#[derive(Default)]
pub(super) struct Encoded {
    v1: Encoding,
    v2: Encoding,
}

#[derive(Default)]
struct Encoding {
    frame: Option<Result<Frame, Unencodable>>,
    /// The same for members that may miss it.
    droppable: Option<Arc<Broadcast>>,
}

impl Encoded {
    /// The frame for a member, which has this connection and speaks this.
    #[inline]
    pub(super) fn frame(
        &mut self,
        event: &ChannelEvent,
        serializer: Serializer,
        member: &Connection,
    ) -> Option<&Frame> {
        let encoding = self.encoding(serializer);
        let frame = encoding.frame.get_or_insert_with(|| {
            encode(event, serializer).inspect_err(|error| warn(event, error, member))
        });
        frame.as_ref().ok()
    }

    pub(super) fn droppable(
        &mut self,
        event: &ChannelEvent,
        serializer: Serializer,
        member: &Connection,
        room: &Arc<Room>,
    ) -> Option<&Arc<Broadcast>> {
        if self.encoding(serializer).droppable.is_none() {
            let frame = self.frame(event, serializer, member);
            let broadcast = frame.map(|frame| Broadcast {
                frame: frame.clone(),
                room: Arc::clone(room),
                event: event.event.clone(),
            });
            self.encoding(serializer).droppable = broadcast.map(Arc::new);
        }
        self.encoding(serializer).droppable.as_ref()
    }

    fn encoding(&mut self, serializer: Serializer) -> &mut Encoding {
        match serializer {
            Serializer::V1 => &mut self.v1,
            Serializer::V2 => &mut self.v2,
        }
    }
}

fn encode(event: &ChannelEvent, serializer: Serializer) -> Result<Frame, Unencodable> {
    // Without the sender's join_ref: phoenix.js drops frames with a join_ref that is not the
    // receiver's own (B-1).
    serializer.encode(&Outbound {
        join_reference: None,
        reference: None,
        topic: &event.topic,
        event: &event.event,
        content: Content::Broadcast(&event.payload),
    })
}

#[cold]
fn warn(event: &ChannelEvent, error: &Unencodable, member: &Connection) {
    let now = member.session.timer.now();
    if let Some(others) = member.hub().throttles.unsent.admit(now) {
        let (topic, event, error) = (Quoted(&event.topic), Quoted(&event.event), Excerpt(error));
        log::error!("broadcast {event} on {topic} not sent to some members: {error}{others}");
    }
}
