//! What every event has to be like that the application sends.

use crate::{
    hub::Hub,
    logging::{Excerpt, Quoted},
    message::{
        error::Error,
        event::{ChannelEvent, IntoEvent, is_reserved},
    },
};
use std::{sync::Arc, time::Instant};

/// Makes an event ready to be sent, or logs why it cannot be: sending never fails. Its payload may have so many bytes.
pub(crate) fn outgoing(event: impl IntoEvent, topic: &Arc<str>, hub: &Hub) -> Option<ChannelEvent> {
    let type_name = std::any::type_name_of_val(&event);
    let event = match event.into_event(topic) {
        Ok(event) => event,
        Err(error) => {
            log::error!("not sent: event `{type_name}` {}", Excerpt(error));
            return None;
        }
    };
    if is_reserved(&event.event) {
        // A client may have named it, as often as it likes.
        if let Some(others) = hub.throttles.reserved.admit(Instant::now()) {
            log::error!(
                "not sent: event {} on {}: {}{others}",
                Quoted(&event.event),
                Quoted(&event.topic),
                Error::ReservedEvent
            );
        }
        return None;
    }
    let payload = event.payload.or_empty_object();
    if !payload.can_be_sent() {
        log::error!(
            "not sent: event {} on {}: {}",
            Quoted(&event.event),
            Quoted(&event.topic),
            Error::NotAnObject
        );
        return None;
    }
    let (size, max_size) = (payload.len(), hub.max_outgoing_size());
    if size > max_size {
        log::error!(
            "not sent: event {} on {} has {size} bytes, and {max_size} may be sent",
            Quoted(&event.event),
            Quoted(&event.topic)
        );
        return None;
    }
    Some(ChannelEvent { payload, ..event })
}
