//! Locks and atomics: the standard library's, or a model checker's, which runs them in every order that threads may
//! take (`cfg(model)`, see `socket/model`).

#[cfg(all(test, model))]
use loom::sync as implementation;
#[cfg(not(all(test, model)))]
use std::sync as implementation;

pub(crate) use implementation::{MutexGuard, atomic};
use std::sync::PoisonError;

/// A lock that a panic leaves open. What panics is mostly a handler, which holds none, and what a lock guards here is
/// whole before anything is called that may panic.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T>(implementation::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(implementation::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
