//! What the wake-up and overflow paths are made of: the standard library's, or a model checker's, which
//! runs them in every order that threads may take (`cfg(model)`, see `socket/model`).

#[cfg(all(test, model))]
pub(crate) use loom::sync::{Mutex, MutexGuard, atomic};
#[cfg(not(all(test, model)))]
pub(crate) use std::sync::{Mutex, MutexGuard, atomic};
