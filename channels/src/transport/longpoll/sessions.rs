//! The sessions of one mount.

use super::{polled::Polled, session::Session};
use crate::sync::Mutex;
use std::{collections::HashMap, sync::Arc};

/// The sessions of one mount, by token.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<HashMap<Arc<str>, Arc<Session>>>);

impl Sessions {
    pub(super) fn find(&self, token: &str) -> Option<Arc<Session>> {
        self.0.lock().get(token).map(Arc::clone)
    }

    /// Lets a new session be found by its token, for as long as its connection's end of it is kept.
    pub(super) fn open(self: &Arc<Self>, session: Arc<Session>) -> Polled {
        let token = Arc::clone(session.token());
        self.0.lock().insert(token, Arc::clone(&session));
        Polled::new(session, Arc::clone(self))
    }

    pub(super) fn forget(&self, token: &str) {
        self.0.lock().remove(token);
    }
}
