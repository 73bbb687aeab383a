//! Tasks of a joined topic: futures that run beside its handlers, and no longer than the topic.

use super::{
    Connection, JoinedTopic, Message,
    call::{Panicked, Work},
};
use crate::{logging::Quoted, task::Task};
use futures_util::future::{AbortHandle, AbortRegistration, Abortable};
use slab::Slab;
use std::sync::{Arc, Weak};

/// The tasks of one instance that have not ended. Dropping them cuts them off.
#[derive(Debug, Default)]
pub(super) struct Tasks(Slab<AbortHandle>);

/// Why a task is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotSpawned {
    Ended,
    TooMany,
}

/// The place of a task among those of its instance.
struct Place {
    joined: Weak<JoinedTopic>,
    key: usize,
    abort: AbortHandle,
}

impl Tasks {
    pub(super) fn add(&mut self, abort: &AbortHandle, most: usize) -> Result<usize, NotSpawned> {
        if self.0.len() >= most {
            return Err(NotSpawned::TooMany);
        }
        Ok(self.0.insert(abort.clone()))
    }

    pub(super) fn remove(&mut self, key: usize) {
        self.0.try_remove(key);
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        for (_, task) in &self.0 {
            task.abort();
        }
    }
}

/// Runs a future as a task of its own on the runtime of the server, until the instance ends.
pub(crate) fn spawn(
    connection: &Arc<Connection>,
    joined: &Arc<JoinedTopic>,
    future: impl Future<Output = ()> + Send + 'static,
) -> Task {
    let (abort, registration) = AbortHandle::new_pair();
    match joined.add_task(&abort, connection.config.max_tasks) {
        Ok(key) => {
            let place = Place {
                joined: Arc::downgrade(joined),
                key,
                abort: abort.clone(),
            };
            let task = run(
                Arc::downgrade(connection),
                place,
                registration,
                Work::new(future),
            );
            connection.session.timer.spawn(Box::pin(task));
        }
        Err(NotSpawned::Ended) => return Task::refused(),
        Err(NotSpawned::TooMany) => {
            log_too_many(connection, joined);
            return Task::refused();
        }
    }
    Task::new(abort)
}

fn log_too_many(connection: &Connection, joined: &JoinedTopic) {
    let now = connection.session.timer.now();
    if let Some(others) = connection.hub().throttles.tasks.admit(now) {
        log::error!(
            "a task of {} was not spawned: it has as many as `Config::max_tasks` allows{others}",
            Quoted(&joined.topic)
        );
    }
}

/// Like a process that is linked to its channel in Phoenix, a task that panics ends the topic as a
/// handler does that panics: the client joins again, and the task is started anew.
async fn run(
    connection: Weak<Connection>,
    place: Place,
    registration: AbortRegistration,
    work: Work,
) {
    let result = Abortable::new(work, registration).await;
    if let Ok(Err(Panicked)) = result
        && let Some(connection) = connection.upgrade()
    {
        connection.tell(&place.joined, Message::TaskPanicked);
        connection.hub().losses.tell();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // So that the handle says that it has ended.
        self.abort.abort();
        if let Some(joined) = self.joined.upgrade() {
            joined.remove_task(self.key);
        }
    }
}
