use crate::{hub::Room, overflow::Overflow, wire::Frame};
use smol_str::SmolStr;
use std::sync::Arc;

/// A frame on its way to one client. No larger than the frame alone.
#[derive(Debug)]
pub(crate) enum Queued {
    Kept(Frame),
    /// Larger than the mailbox, against which it does not count. Boxed, because these are few.
    Large(Box<Frame>),
    /// By this policy, which is never to disconnect.
    Droppable(Overflow, Arc<Broadcast>),
    /// Where a broadcast was that has been dropped.
    Gap,
}

/// A broadcast that members may miss, encoded, with what is to be said of it if one does.
#[derive(Debug)]
pub(crate) struct Broadcast {
    pub(crate) frame: Frame,
    pub(crate) room: Arc<Room>,
    pub(crate) event: SmolStr,
}

impl Queued {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Kept(frame) => frame.len(),
            Self::Large(frame) => frame.len(),
            Self::Droppable(_, broadcast) => broadcast.frame.len(),
            Self::Gap => 0,
        }
    }

    pub(super) fn into_frame(self) -> Option<Frame> {
        match self {
            Self::Kept(frame) => Some(frame),
            Self::Large(frame) => Some(*frame),
            Self::Droppable(_, broadcast) => Some(broadcast.frame.clone()),
            Self::Gap => None,
        }
    }

    /// Whether it has nothing to say once this has been said.
    pub(super) fn is_outdated_by(&self, newer: &Broadcast) -> bool {
        match self {
            Self::Droppable(Overflow::Latest, older) => {
                older.event == newer.event && older.room.name() == newer.room.name()
            }
            Self::Droppable(..) | Self::Kept(_) | Self::Large(_) | Self::Gap => false,
        }
    }
}
